// A million evaluations in one instance, and a large document between them: memory must be what it was.
import { ask, compile, ours, policySource } from './kit.mjs';
import { gateInput } from './inputs.mjs';

export async function steadyMemory({ opa, report, short }) {
  const total = short ? 50_000 : 1_000_000;
  report.section(`${total.toLocaleString('en-US')} evaluations of the gate policy`);
  const instance = await ours(compile(opa, [policySource('gate')], ['bench/gate/verdict']));
  const text = JSON.stringify(gateInput());
  const megabytes = () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20, wasm: instance.memoryBytes / 2 ** 20 };
  };
  const some = (count) => {
    for (let index = 0; index < count; index++) ask(instance, text, 'bench/gate/verdict');
  };
  some(total / 10);
  const before = megabytes();
  some(total);
  const after = megabytes();
  const flat = after.wasm === before.wasm && after.rss - before.rss < 20;
  report.line(
    'MiB before and after',
    {
      ...{ RSS: before.rss, '→': after.rss, 'JS heap': before.heap, '→ ': after.heap },
      ...{ WebAssembly: before.wasm, '→  ': after.wasm },
    },
    { met: flat, text: 'flat (WebAssembly equal, RSS within 20 MiB)' },
  );
}
