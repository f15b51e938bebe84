import { MemoryBlobStore } from '../../test/support/memory-blobs.js';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { sha256 } from '../kernel/digest.js';
import { aDocument, encodeDocument, type EvidenceDocument } from '../formats/model/document.js';
import type { Finding } from '../formats/model/finding.js';
import { byOrder, sortedFinding, type OrderedFinding } from '../formats/stream/finding-order.js';
import { collect } from '../formats/stream/collect.js';
import type { PinnedRule } from './checklist.js';
import type { GateInputs } from './decision-input.js';
import { EvidenceGatherer } from './evidence-gatherer.service.js';
import { MAX_FINDINGS, wantedBy } from './finding-selection.js';

const ORG = '00000000-0000-4000-8000-000000000001';

const finding = (n: number, given: Partial<Finding> = {}): Finding => ({
  ...{ kind: 'sast', tool: 'T', rule: 'r', level: 'note', levelFrom: 'explicit' },
  ...{ severity: 'low', severityFrom: 'level', message: `m ${String(n)}`, path: `src/${String(n % 97)}.ts` },
  ...{ startLine: n, startColumn: null, toolSuppression: 'none', toolSuppressionExpires: null },
  baseline: 'unknown',
  identity: {
    scheme: 's',
    value: sha256(String(n)).slice(7),
    strength: 'strong',
    occurrence: 0,
    content: null,
  },
  ...given,
});

/** The same findings in pages, as a large document has them. */
async function paged(blobs: MemoryBlobStore, findings: readonly Finding[]): Promise<EvidenceDocument> {
  const all: OrderedFinding[] = [];
  const collector = collect(
    {
      sorter: {
        add: (one) => all.push(one),
        settle: () => Promise.resolve(),
        // eslint-disable-next-line @typescript-eslint/require-await -- in memory there is nothing to wait for
        async *sorted() {
          yield* all.sort(byOrder).map(sortedFinding);
        },
      },
      putPage: (bytes) => blobs.put(ORG, bytes),
    },
    0,
  );
  for (const one of findings) collector.add(one);
  return collector.finish(aDocument({ format: 'sarif', kinds: ['sast'], state: 'COMPLETE' }));
}

const rule = (ruleId: string, findings?: PinnedRule['findings']): PinnedRule => ({
  ...{ ruleId, entrypoint: `assay/rules/${ruleId}/result`, effect: 'block', severity: 'high', title: ruleId },
  ...{ remediation: '', controls: [], messages: {} },
  ...(findings && { findings }),
});

async function inputs(
  blobs: MemoryBlobStore,
  documents: readonly EvidenceDocument[],
  rules: readonly PinnedRule[],
): Promise<GateInputs> {
  const evidence = [];
  for (const [at, document] of documents.entries())
    evidence.push({
      storedDigest: sha256(`stored ${String(at)}`),
      documentDigest: await blobs.put(ORG, encodeDocument(document)),
      collectedAt: 0,
    });
  const policies = [{ policyId: 'p', rules, parameters: { floor: 'high', strict: false } }];
  return { orgId: ORG, evidence, checklist: { policies } } as unknown as GateInputs;
}

async function gather(
  blobs: MemoryBlobStore,
  documents: readonly EvidenceDocument[],
  rules: readonly PinnedRule[],
): Promise<{ readonly documents: readonly JsonObject[]; readonly left: readonly [string, object][] }> {
  const gathered = await new EvidenceGatherer(blobs).gather(await inputs(blobs, documents, rules));
  if (!gathered.ok) throw new Error(canonicalJson({ ...gathered.problem }));
  return {
    documents: gathered.value.evidence.map(({ document }) => document),
    left: [...gathered.value.left].map(([{ ruleId }, tooMany]) => [ruleId, tooMany]),
  };
}

const mixed = Array.from({ length: 1500 }, (_, n) =>
  finding(n, {
    ...(n % 100 === 0 && { severity: 'high', level: 'error' }),
    ...(n % 150 === 1 && { severity: 'unknown' }),
    ...(n % 70 === 3 && { kind: 'secret', severity: 'none' }),
    ...(n % 200 === 0 && { baseline: 'absent' }),
  }),
);
const SEVERE = rule('severe', [{ kind: 'sast', from: 'floor' }]);
const SECRETS = rule('secrets', [{ kind: 'secret' }]);
const NOTHING = rule('nothing', []);

describe('what rules see of evidence', () => {
  it('is the same whether a document holds its findings or refers to pages of them', async () => {
    const blobs = new MemoryBlobStore();
    const inline = aDocument({ format: 'sarif', kinds: ['sast'], state: 'COMPLETE', findings: mixed });
    const document = await paged(blobs, mixed);
    expect(document.pages.length).toBeGreaterThan(2);
    for (const rules of [[SEVERE], [SECRETS, NOTHING], [rule('all')], [SEVERE, SECRETS], [NOTHING]]) {
      const [one] = (await gather(blobs, [document], rules)).documents;
      const [other] = (await gather(blobs, [inline], rules)).documents;
      const { counts: _, ...seen } = one ?? {};
      const { counts: __, ...alike } = other ?? {};
      expect(canonicalJson(seen)).toBe(canonicalJson(alike));
    }
  });

  it('is the open findings that some rule looks at, and the numbers of all', async () => {
    const blobs = new MemoryBlobStore();
    const { documents } = await gather(blobs, [await paged(blobs, mixed)], [SEVERE, SECRETS, NOTHING]);
    const seen = documents[0]?.['findings'] as unknown as readonly Finding[];
    const open = mixed.filter(({ baseline }) => baseline !== 'absent');
    expect(seen.length).toBe(
      open.filter(({ kind, severity }) => kind === 'secret' || severity === 'high').length,
    );
    const rows = documents[0]?.['aggregates'] as unknown as readonly { count: number }[];
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(1500);
  });

  it('reads no page that holds nothing of it', async () => {
    const blobs = new MemoryBlobStore();
    const findings = Array.from({ length: 3000 }, (_, n) =>
      finding(n, { path: `src/${String(n).padStart(5, '0')}.ts`, ...(n === 10 && { severity: 'critical' }) }),
    );
    const document = await paged(blobs, findings);
    const question = await inputs(blobs, [document], [SEVERE]);
    const read: string[] = [];
    const counting = {
      get: (org: string, digest: never) => (read.push(digest), blobs.get(org, digest)),
    };
    const gathered = await new EvidenceGatherer(counting as unknown as MemoryBlobStore).gather(question);
    expect(gathered.ok).toBe(true);
    expect(read).toHaveLength(2); // the document and one page
  });

  it('says which page is gone or was changed', async () => {
    const blobs = new MemoryBlobStore();
    const document = await paged(blobs, mixed);
    const question = await inputs(blobs, [document], [rule('all')]);
    const [page] = document.pages;
    for (const [state, bytes] of [
      ['MISSING', undefined],
      ['CHANGED', Buffer.from('{}')],
    ] as const) {
      const damaged = {
        get: (org: string, digest: never) =>
          digest === page?.digest ? Promise.resolve(bytes) : blobs.get(org, digest),
      };
      const gathered = await new EvidenceGatherer(damaged as unknown as MemoryBlobStore).gather(question);
      expect(gathered).toMatchObject({
        ok: false,
        problem: { kind: 'EvidenceUnreadable', state, blob: page?.digest },
      });
    }
  });
});

describe('more findings than one decision takes in', () => {
  const row = {
    kind: 'sast',
    level: 'note',
    severity: 'low',
    baseline: 'new',
    toolSuppression: 'none',
  } as const;
  const large = (count: number): EvidenceDocument => ({
    ...aDocument({ format: 'sarif', kinds: ['sast'], state: 'COMPLETE' }),
    aggregates: [{ ...row, count }],
    pages: [{ digest: sha256('never read'), sizeBytes: 1, counts: [count] }],
  });

  it('are not sampled: the rules that need them are left out, the others are asked', async () => {
    const blobs = new MemoryBlobStore();
    const rules = [rule('all'), SEVERE, NOTHING];
    const { documents, left } = await gather(blobs, [large(MAX_FINDINGS), large(1)], rules);
    expect(left).toEqual([
      ['all', { code: 'gate.too-many-findings', count: MAX_FINDINGS + 1, limit: MAX_FINDINGS }],
    ]);
    expect(documents.map((each) => each['findings'])).toEqual([[], []]);
  });

  it('may also be too large', async () => {
    const blobs = new MemoryBlobStore();
    const findings = Array.from({ length: 9000 }, (_, n) =>
      finding(n, { message: 'x'.repeat(1500), ...(n === 0 && { severity: 'critical' }) }),
    );
    const { documents, left } = await gather(blobs, [await paged(blobs, findings)], [rule('all'), SEVERE]);
    expect(left.map(([ruleId, { code }]: [string, { code?: string }]) => [ruleId, code])).toEqual([
      ['all', 'gate.too-large-findings'],
    ]);
    expect(documents[0]?.['findings']).toHaveLength(1);
  });
});

describe('what a rule says it looks at', () => {
  const wants = (needs: PinnedRule['findings'], parameters: JsonObject, given: Partial<Finding>): boolean =>
    wantedBy(needs ? { findings: needs } : {}, parameters)(finding(1, given));

  it('is everything when it does not say, gone findings included', () => {
    expect(wants(undefined, {}, { baseline: 'absent' })).toBe(true);
    expect(wants([{ kind: 'sast' }], {}, { baseline: 'absent' })).toBe(false);
    expect(wants([], {}, {})).toBe(false);
  });

  it('follows the parameters of its policy', () => {
    const needs = [
      { kind: 'sast', from: 'floor' },
      { kind: 'sast', severity: 'unknown', when: 'strict' },
    ];
    expect(wants(needs, { floor: 'medium' }, { severity: 'medium' })).toBe(true);
    expect(wants(needs, { floor: 'medium' }, { severity: 'low' })).toBe(false);
    expect(wants(needs, { floor: 'medium' }, { severity: 'unknown' })).toBe(true);
    expect(wants(needs, { floor: 'medium', strict: false }, { severity: 'unknown' })).toBe(false);
    expect(wants([{ kind: 'sast', level: 'error' }], {}, { level: 'error' })).toBe(true);
    expect(wants([{ kind: 'sast', level: 'error' }], {}, { level: 'warning' })).toBe(false);
  });

  it('is wider where a parameter is not what it should be', () => {
    for (const floor of ['unknown', 3, null])
      expect(wants([{ kind: 'sast', from: 'floor' }], { floor }, { severity: 'none' })).toBe(true);
  });
});
