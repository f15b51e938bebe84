import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type JsonObject, type JsonValue } from '../../src/kernel/canonical-json.js';
import { JsonText } from '../../src/kernel/json-text.js';
import type { RegoSource } from '../../src/rego/compiler.port.js';
import { engineOver, INSTANT, regoFolder, toolchain, valueOf } from './kit.js';

/** Plain JavaScript, which the compiler knows nothing of. */
const SCRIPT: string = join(import.meta.dirname, '../../scripts/pack-cases.mjs');

interface Asked {
  readonly name: string;
  /** `assay/rules/no_secrets/result` */
  readonly entrypoint: string;
  readonly input: JsonObject;
}

/** All worked examples of all packs, as scripts/check-rego.mjs asks them. */
async function allCases(): Promise<readonly Asked[]> {
  const { question, readPacks } = (await import(SCRIPT)) as {
    readPacks(): readonly { folder: string; cases: readonly { judge: string; name: string }[] }[];
    question(pack: unknown, tried: unknown): { package: string; input: JsonObject };
  };
  return readPacks().flatMap((pack) =>
    pack.cases.map((tried) => {
      const { package: name, input } = question(pack, tried);
      const answers = ['access', 'process'].includes(pack.folder);
      const entrypoint = answers ? `${pack.folder}/${name}/decision` : `rules/${name}/result`;
      return { name: `${tried.judge} / ${tried.name}`, entrypoint: `assay/${entrypoint}`, input };
    }),
  );
}

const modules = (): RegoSource[] =>
  readdirSync(regoFolder, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => /^(lib|rules|access|process)\/.*\.rego$/.test(name) && !name.endsWith('_test.rego'))
    .map((path) => ({ path, text: readFileSync(join(regoFolder, path), 'utf8') }));

/** One evaluation by OPA for all cases: a rule without an answer gives an empty list. */
const ALL_AT_ONCE = {
  path: 'all_at_once.rego',
  text: `package all_at_once

answers := [answer |
	some each in input
	answer := [value | value := data.assay[each.part][each.package][each.rule] with input as each.input]
]
`,
};

describe('the packs’ worked examples', () => {
  it('have byte for byte the answers in the engine that they have in the official OPA', async () => {
    const cases = await allCases();
    expect(cases.length).toBeGreaterThan(50);
    const files = modules();
    const entrypoints = [...new Set(cases.map(({ entrypoint }) => entrypoint))];
    const bundle = valueOf(await toolchain().build({ files, entrypoints }));
    const input = cases.map(({ entrypoint, input: asked }) => {
      const [, part = '', name = '', rule = ''] = entrypoint.split('/');
      return { part, package: name, rule, input: asked };
    });
    const opa = valueOf(
      await toolchain().evaluate({
        ...{ files: [...files, ALL_AT_ONCE], entrypoint: 'all_at_once/answers' },
        ...{ input, instant: INSTANT },
      }),
    ) as readonly (readonly JsonValue[])[];
    const engine = engineOver([bundle], { threads: 1 });
    const disagreements: string[] = [];
    try {
      for (const [index, { name, entrypoint, input: asked }] of cases.entries()) {
        const [answer] = valueOf(
          await engine.evaluate({
            bundle: bundle.digest,
            input: { kind: 'document', text: JsonText.of(asked) },
            questions: [{ entrypoint }],
            ...{ instant: INSTANT, seed: 'seed', deadlineMs: 20_000 },
          }),
        );
        const ours: readonly JsonValue[] = answer?.ok ? [answer.value] : [];
        if (!answer?.ok && answer?.problem.kind !== 'ResultUndefined')
          disagreements.push(`${name}: ${JSON.stringify(answer)}`);
        else if (canonicalJson([...ours]) !== canonicalJson([...(opa[index] ?? [])]))
          disagreements.push(
            `${name}: ${canonicalJson([...ours])} and ${canonicalJson([...(opa[index] ?? [])])}`,
          );
      }
    } finally {
      await engine.close();
    }
    expect(disagreements).toEqual([]);
  }, 60_000);
});
