import fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byOrder, type OrderedFinding } from '../../formats/stream/finding-order.js';
import { SpillingSorter } from './spilling-sorter.io.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-sort-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function sorted(findings: readonly OrderedFinding[], runLength: number): Promise<OrderedFinding[]> {
  const sorter = new SpillingSorter(join(folder, 'made', 'by', 'it'), runLength);
  try {
    for (const finding of findings) {
      sorter.add(finding);
      await sorter.settle();
    }
    const all: OrderedFinding[] = [];
    for await (const { key, index, traits, bytes, from, to } of sorter.sorted())
      all.push({ key, index, traits, text: Buffer.from(bytes.subarray(from, to)).toString() });
    return all;
  } finally {
    await sorter.close();
  }
}

it('gives back all it was given in order, however little memory it has, and leaves no file', async () => {
  const key = fc.oneof(
    fc.constantFrom('["a"]', '["b"]', '["é😀"]'),
    fc.string().map((text) => JSON.stringify([text])),
  );
  const findings = fc
    .array(
      fc.tuple(
        key,
        fc.nat(9),
        fc.string().map((text) => JSON.stringify({ text })),
      ),
      { maxLength: 60 },
    )
    .map((list) =>
      list.map(([name, traits, text], index): OrderedFinding => ({ key: name, index, traits, text })),
    );
  await fc.assert(
    fc.asyncProperty(findings, fc.constantFrom(1, 50, 400, 1_000_000), async (given, runLength) => {
      expect(await sorted(given, runLength)).toEqual([...given].sort(byOrder));
    }),
    { numRuns: 60 },
  );
  const parent = join(folder, 'made', 'by', 'it');
  expect(existsSync(parent) ? readdirSync(parent) : []).toEqual([]);
});

it('merges runs of more than one read', async () => {
  const given = Array.from({ length: 3000 }, (_, index): OrderedFinding => {
    const key = JSON.stringify([String((index * 7919) % 3001)]);
    return { key, index, traits: index % 3, text: JSON.stringify({ text: 'x'.repeat(600), index }) };
  });
  expect(await sorted(given, 700_000)).toEqual([...given].sort(byOrder));
});
