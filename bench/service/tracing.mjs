// Case 6: what tracing costs at its default sampling. Two API processes alike on the same database, one that traces a request
// in ten to a collector on this machine and one that does not, take turns under the same load: policy questions, which are all
// CPU of the process that traces, and gate decisions. Like any cost, it has to show beyond the spread between rounds.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { median } from '../support/measure.mjs';
import { atLeast } from '../support/report.mjs';
import { fresh } from './gate.mjs';
import { cpuOf } from './processes.mjs';
import { alternate, ratioOf, shape } from './rounds.mjs';

const CONNECTIONS = 64;
/** Of the rate without tracing, at least: it costs 5 % at most. */
const KEPT = 0.95;

/** Takes whatever it is sent and counts it; decoding is a collector's own work. */
async function startCollector() {
  const taken = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    request.on('data', (chunk) => (taken.bytes += chunk.length));
    request.on('end', () => {
      taken.requests += 1;
      response.writeHead(200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ taken, url: `http://127.0.0.1:${String(server.address().port)}` },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const spansOf = async ({ url }) =>
  Number(/^tracing_spans_exported_total (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? 0);

export async function tracingCost(bench) {
  const { report, service, short } = bench;
  const collector = await startCollector();
  try {
    const off = await service.addApi({});
    const on = await service.addApi({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const [gates, rounds] = short ? [400, 5] : [4_000, 15];
    // A policy question takes a twentieth of a gate's time: as few of them would be over before the code is compiled.
    const counts = { gate: gates, rbac: gates * 20 };
    const order =
      (what, api) =>
      async (_, asked = counts[what]) => ({
        ...{ what, run: randomUUID(), connections: CONNECTIONS, count: asked, targets: [api.target] },
        ...(what === 'gate' && { first: await fresh(bench, asked) }),
      });
    for (const [what, name] of [
      ['rbac', 'evaluatePolicy'],
      ['gate', 'evaluateGate'],
    ]) {
      report.section(`Tracing one request in ten, ${name}, ${CONNECTIONS} connections, load ${bench.load()}`);
      for (const api of [off, on]) await bench.ask(await order(what, api)(0, counts[what] / 2)); // warms up
      const cpu = { off: [], on: [] };
      const counted = (api, name) => {
        const make = order(what, api);
        return async (round) => {
          const made = await make(round);
          cpu[name].push(cpuOf(api.pid)?.all ?? NaN);
          return made;
        };
      };
      const done = await alternate(bench, { off: counted(off, 'off'), on: counted(on, 'on') }, rounds);
      const ratio = ratioOf(done.on, done.off);
      report.line('without tracing', shape(done.off));
      report.line('with it', { ...shape(done.on), 'of without': ratio }, atLeast(ratio, KEPT, ' × without'));
      // Steadier than rates where others use the machine, too.
      const perAnswer = (api, name) =>
        ((cpuOf(api.pid)?.all ?? NaN) - cpu[name][0]) / (counts[what] * rounds);
      const used = { off: perAnswer(off, 'off'), on: perAnswer(on, 'on') };
      report.line('  CPU of the API for an answer, ms', {
        ...{ without: used.off, with: used.on, 'of without': used.on / used.off },
      });
      report.line('  ratios of single rounds, from to', spread(done));
    }
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // the last spans wait two seconds for company
    const spans = await spansOf(on);
    report.line('  at the collector', {
      spans,
      requests: collector.taken.requests,
      bytes: collector.taken.bytes,
    });
    if (spans === 0 || collector.taken.requests === 0) throw new Error('nothing was traced');
  } finally {
    collector.close();
  }
}

function spread({ on, off }) {
  const ratios = on.rates.map((rate, round) => rate / off.rates[round]);
  return { least: Math.min(...ratios), median: median(ratios), most: Math.max(...ratios) };
}
