import fc from 'fast-check';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { sha256, type Digest } from '../../kernel/digest.js';
import { decodePage } from '../model/finding-page.js';
import type { EvidenceDocument } from '../model/document.js';
import { normaliseEvidence } from '../normalise.js';
import { INLINE_FINDINGS, type FindingStore } from './collect.js';
import { byOrder, sortedFinding, type OrderedFinding } from './finding-order.js';
import { inPages } from './in-pages.js';
import { normaliseLarge, WHOLE_LIMIT_BYTES } from './normalise-large.js';

function memory(): FindingStore & { readonly pages: Map<string, Uint8Array> } {
  const pages = new Map<string, Uint8Array>();
  const all: OrderedFinding[] = [];
  return {
    pages,
    sorter: {
      add: (finding) => all.push(finding),
      settle: () => Promise.resolve(),
      // eslint-disable-next-line @typescript-eslint/require-await -- in memory there is nothing to wait for
      async *sorted() {
        yield* all.sort(byOrder).map(sortedFinding);
      },
    },
    putPage: (bytes): Promise<Digest> => {
      const digest = sha256(bytes);
      pages.set(digest, bytes);
      return Promise.resolve(digest);
    },
  };
}

function streamed(bytes: Buffer, sizes: readonly number[] = [65_536]): Promise<EvidenceDocument> {
  return normaliseLarge(sourceOf(bytes, sizes), memory());
}

const sourceOf = (bytes: Buffer, sizes: readonly number[]) => ({
  sizeBytes: bytes.length,
  async *open() {
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      yield await Promise.resolve(Buffer.from(bytes.subarray(at, at + size)));
      at += size;
    }
  },
});

const asWhole = (bytes: Buffer): Promise<EvidenceDocument> => inPages(normaliseEvidence(bytes), memory());

const result = (n: number, more: object = {}): object => ({
  ruleId: `rule-${String(n % 7)}`,
  level: ['error', 'warning', 'note'][n % 3],
  message: { text: `finding ${String(n)} "quoted" \\ [1,2] {é😀}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: `src/${String(n % 50)}/file-${String(n % 500)}.ts` },
        region: { startLine: (n % 90) + 1, snippet: { text: `call(${String(n)})` } },
      },
    },
  ],
  ...more,
});
const run = (results: unknown, more: object = {}): object => ({
  tool: { driver: { name: 'T', rules: [{ id: 'rule-1', defaultConfiguration: { level: 'note' } }] } },
  ...more,
  results,
});
const log = (...runs: object[]): object => ({ version: '2.1.0', runs });
const many = (count: number): object[] => Array.from({ length: count }, (_, n) => result(n));
const text = (value: unknown, indent?: number): Buffer => Buffer.from(JSON.stringify(value, null, indent));

describe('a file that is read piece by piece', () => {
  it.each<[string, Buffer]>([
    ['one run', text(log(run(many(20))))],
    ['indented', text(log(run(many(20))), 2)],
    ['several runs, some without results', text(log(run(many(3)), run([]), run(null), run(many(4))))],
    [
      'rules behind the results',
      text({ runs: [{ results: many(5), tool: { driver: { name: 'T' } } }], version: '2.1.0' }),
    ],
    [
      'an escaped key',
      Buffer.from(
        text(log(run(many(4))))
          .toString()
          .replace('"results"', '"res\\u0075lts"'),
      ),
    ],
    ['results that are no objects', text(log(run([1, 'a "]" b', null, [result(1)], result(2), true])))],
    [
      'fingerprints that all share',
      text(log(run(many(9).map((one) => ({ ...one, fingerprints: { a: 'same' } }))))),
    ],
    [
      'a list elsewhere of the same name',
      text({ ...log(run(many(3))), properties: { runs: [{ results: [1, 2, 3] }] } }),
    ],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text(log(run(many(3))))])],
    [
      'suppressions and baselines',
      text(
        log(
          run([result(1, { suppressions: [{ kind: 'inSource' }] }), result(2, { baselineState: 'absent' })]),
        ),
      ),
    ],
    ['another format', text({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [] })],
    ['no JSON', Buffer.from('mode: set\nb.go:1.1,2.2 1 1\n')],
    ['white space', Buffer.from('  \n')],
    ['nothing anybody knows', text({ runs: 1 })],
    ['null', Buffer.from('null')],
  ])('gives the document of the whole: %s', async (_, bytes) => {
    const expected = await asWhole(bytes);
    for (const sizes of [[1], [7, 64], [100_000]]) expect(await streamed(bytes, sizes)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['the end inside a member', '{"version":"2.1.0","runs":[{"results":[{"a":1'],
    ['the end behind a member', '{"version":"2.1.0","runs":[{"results":[{"a":1}'],
    ['a comma too much', '{"version":"2.1.0","runs":[{"results":[{"a":1},]}]}'],
    ['two commas', '{"version":"2.1.0","runs":[{"results":[{"a":1},,{}]}]}'],
    ['no comma', '{"version":"2.1.0","runs":[{"results":[{"a":1}{}]}]}'],
    ['another bracket', '{"version":"2.1.0","runs":[{"results":[{"a":[1}]}]}]}'],
    ['the same key twice in a member', '{"version":"2.1.0","runs":[{"results":[{},\n{"a":1,"a":2}]}]}'],
    ['two lists of one name', '{"version":"2.1.0","runs":[{"results":[],"results":[{}]}]}'],
    ['text behind', '{"version":"2.1.0","runs":[{"results":[{}]}]} x'],
    ['a fault before the list', '{"version":"2.1.0",\n\n"é":tru,"runs":[{"results":[{},{}]}]}'],
    ['a fault behind the list', '{"version":"2.1.0","runs":[{"results":[{},{}],\n"é😀":tru}]}'],
    ['a lone surrogate', '{"version":"2.1.0","runs":[{"results":[{},{"é😀":"\\ud800"}]}]}'],
  ])('refuses %s, where a parser of the whole would', async (_, written) => {
    const bytes = Buffer.from(written);
    const [whole] = normaliseEvidence(bytes).reasons;
    const streamedDocument = await streamed(bytes, [5]);
    expect(streamedDocument).toMatchObject({ state: 'ERROR', reasons: [{ code: 'json.malformed' }] });
    const [reason] = streamedDocument.reasons;
    expect([reason?.params['line']]).toEqual([whole?.params['line']]);
    if (
      reason?.params['fault'] === whole?.params['fault'] &&
      reason?.params['detail'] === whole?.params['detail']
    )
      expect(reason?.params['column']).toBe(whole?.params['column']);
  });

  it('refuses bytes that are no UTF-8, wherever they are', async () => {
    const bytes = text(log(run(many(5))));
    bytes[bytes.length - 40] = 0xff;
    expect((await streamed(bytes, [100])).reasons[0]).toMatchObject({ params: { fault: 'InvalidUtf8' } });
  });

  it('refuses one entry of more than it would ever hold', async () => {
    const bytes = text(log(run([{}, { a: 'x'.repeat(5 * 1024 * 1024) }])));
    expect(await streamed(bytes)).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'format.member-too-large' }],
    });
  });

  it('refuses a list of components that is larger than what is read as a whole, and says which size is', async () => {
    const component = Buffer.from('{"type":"library","name":"left-pad","version":"1.3.0"},'.repeat(20_000));
    const [head, tail] = ['{"bomFormat":"CycloneDX","specVersion":"1.6","components":[', '{}]}'];
    const times = Math.ceil(WHOLE_LIMIT_BYTES / component.length);
    const source = {
      sizeBytes: head.length + times * component.length + tail.length,
      async *open() {
        yield await Promise.resolve(Buffer.from(head));
        for (let n = 0; n < times; n += 1) yield component;
        yield Buffer.from(tail);
      },
    };
    const reason = {
      code: 'format.too-large',
      params: { sizeBytes: source.sizeBytes, limitBytes: 64 * 1024 * 1024 },
    };
    expect(await normaliseLarge(source, memory(), { declaredFormat: 'cyclonedx' })).toMatchObject({
      format: 'cyclonedx',
      state: 'ERROR',
      reasons: [reason],
      components: [],
    });
  });

  it('gives the document of the whole, however it is cut and whatever is in it', async () => {
    const member = fc.oneof(
      fc.integer({ min: 0, max: 9 }).map((n) => result(n)),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const runs = fc.array(
      fc.oneof(
        fc.array(member, { maxLength: 6 }).map((list) => run(list)),
        fc.jsonValue(),
      ),
      {
        maxLength: 4,
      },
    );
    const indent = fc.constantFrom(undefined, 1);
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(runs, indent, sizes, async (given, spaces, cut) => {
        const bytes = text({ version: '2.1.0', runs: given }, spaces);
        expect(await streamed(bytes, cut)).toEqual(await asWhole(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('never takes for JSON what a parser of the whole refuses, and the reverse', async () => {
    const base = text(log(run(many(4)), run([]))).toString();
    const damage = fc.tuple(
      fc.nat(base.length),
      fc.nat(3),
      fc.constantFrom('', ',', '"', '\\', '[', ']', '{', '}', ':', '1', ' '),
    );
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 300 }), async ([at, cut, put], size) => {
        const bytes = Buffer.from(base.slice(0, at) + put + base.slice(at + cut));
        const [one, other] = [await streamed(bytes, [size]), await asWhole(bytes)];
        if (one.reasons[0]?.code === 'json.malformed') expect(other.reasons[0]?.code).toBe('json.malformed');
        else expect(one).toEqual(other);
      }),
      { numRuns: 500 },
    );
  });
});

describe('findings that are too many for a document', () => {
  const count = INLINE_FINDINGS + 1000;
  const findingsIn = (document: EvidenceDocument, pages: ReadonlyMap<string, Uint8Array>) =>
    document.pages.flatMap(({ digest }) => decodePage(pages.get(digest) ?? Buffer.alloc(0)));

  it('are in pages, all of them, counted exactly', async () => {
    const bytes = text(log(run([...many(count), ...many(50)])));
    const store = memory();
    const document = await normaliseLarge(sourceOf(bytes, [100_000]), store);
    expect(document.findings).toEqual([]);
    const paged = findingsIn(document, store.pages);
    const whole = normaliseEvidence(bytes).findings;
    const sort = (list: readonly unknown[]): string[] =>
      list.map((one) => canonicalJson(one as JsonObject)).sort();
    expect(sort(paged).join('\n') === sort(whole).join('\n')).toBe(true); // a difference would be megabytes
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    expect(sum(document.aggregates.map((row) => row.count))).toBe(count + 50);
    for (const [row, aggregate] of document.aggregates.entries()) {
      expect(sum(document.pages.map(({ counts }) => counts[row] ?? 0))).toBe(aggregate.count);
      const same = whole.filter(
        (one) => one.level === aggregate.level && one.severity === aggregate.severity,
      );
      expect(same).toHaveLength(aggregate.count);
    }
    expect(canonicalJson(document)).toBe(canonicalJson(await asWhole(bytes)));
  });

  it('few changes give few new pages', async () => {
    const pagesOf = async (results: object[]): Promise<Set<string>> =>
      new Set((await streamed(text(log(run(results))))).pages.map(({ digest }) => digest));
    const before = many(8_000);
    const known = await pagesOf(before);
    expect(known.size).toBeGreaterThan(9);
    const changed = before.flatMap((one, n) =>
      n === 3000 ? [] : n === 6_000 ? [one, result(99_999)] : [one],
    );
    const fresh = [...(await pagesOf(changed))].filter((digest) => !known.has(digest));
    expect(fresh.length).toBeLessThanOrEqual(5);
    expect(await pagesOf(before.toReversed())).toEqual(known);
  });
});
