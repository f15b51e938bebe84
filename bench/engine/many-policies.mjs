// Twenty policies on one large document: parsed once by us, twenty times by the SDK and by OPA's server.
import { atMost } from '../support/report.mjs';
import { median, times } from '../support/measure.mjs';
import { ask, compile, opaEval, opaServer, ours, sdk } from './kit.mjs';
import { largeInput, manyPolicy } from './inputs.mjs';

export async function manyPolicies({ opa, report, short }) {
  const count = short ? 7 : 31;
  const sources = Array.from({ length: 20 }, (_, index) => manyPolicy(index));
  const entrypoints = sources.map((_, index) => `bench/many/p${index}/verdict`);
  const policy = compile(opa, sources, entrypoints);
  const input = largeInput();
  const text = JSON.stringify(input);
  report.section(
    `Twenty policies on one document of ${(text.length / 1e6).toFixed(2)} MB, milliseconds for all twenty`,
  );

  const instance = await ours(policy);
  const us = median(await times(() => ask(instance, text, ...entrypoints), count));
  const theirs = await sdk(policy);
  const stock = median(
    await times(() => entrypoints.forEach((entrypoint) => theirs.evaluate(input, entrypoint)), count),
  );
  const server = await opaServer(opa, sources);
  const http = median(
    await times(
      async () => {
        for (const entrypoint of entrypoints) await server.ask(entrypoint, input);
      },
      Math.ceil(count / 3),
    ),
  );
  server.stop();
  const command = opaEval(opa, sources, input, entrypoints[0]);
  const once = median(await times(() => command.run(), Math.ceil(count / 3)));
  command.clean();
  report.line('ours', { ms: us, 'SDK ms': stock, ratio: stock / us }, atMost(us, 8, ' ms'));
  report.line('opa server over HTTP', { ms: http, ratio: http / us });
  report.line('opa eval, one policy', { ms: once, 'for twenty': once * 20, ratio: (once * 20) / us });
}
