import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { formatVkey } from '../../src/ledger/signed-note.js';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import type { PackSource } from '../../src/verifier/source.port.js';
import type { Pins } from '../../src/verifier/verdict.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import { decisionDraft, ledgerOf, MemoryLedger, packInMemory, packWorld } from '../support/pack.js';
import {
  changed,
  edited,
  flipped,
  judge,
  MANIFEST,
  memorySource,
  resigned,
  sample,
  signedEnvelope,
  strangeKey,
  text,
  type Files,
  type Sample,
} from './kit.js';

let given: Sample;
beforeAll(async () => {
  given = await sample(5);
});

const codesOf = async (files: Files, pins: Pins = given.pins): Promise<string[]> => {
  const { findings } = await judge(files, pins);
  return [...new Set(findings.map(({ code }) => code))];
};

describe('who holds every key of the installation', () => {
  /** Another fourth decision, everything signed as it should be. */
  async function rewritten(): Promise<Files> {
    const world = packWorld();
    const ledger = new MemoryLedger(world);
    for (const n of [0, 1, 2, 77, 4]) ledger.append(decisionDraft(n));
    return packInMemory(ledger, world);
  }

  it('passes without a checkpoint from elsewhere, as nothing inside a pack can show it', async () => {
    const { accepted, notices } = await judge(await rewritten(), given.pins);
    expect(accepted).toBe(true);
    expect(notices).toContainEqual(expect.stringContaining('no --checkpoint'));
  });

  it.each([4, 5, 3, 1])('is found by the checkpoint an auditor kept at %d decisions', async (kept) => {
    const ledger = new MemoryLedger(given.world);
    for (let n = 0; n < kept; n += 1) ledger.append(decisionDraft(n));
    const checkpoint = ledger.checkpoint();
    const verdict = await judge(await rewritten(), { ...given.pins, checkpoint });
    // Signatures are random: every rebuilt entry is another one.
    expect(verdict.findings.map(({ code, path }) => ({ code, path }))).toEqual([
      { code: 'earlier-fork', path: '--checkpoint' },
    ]);
  });

  it('cannot hide entries that an earlier checkpoint covered', async () => {
    const more = ledgerOf(9, given.world);
    expect(await codesOf(given.files, { ...given.pins, checkpoint: more.checkpoint() })).toEqual([
      'earlier-ahead',
    ]);
  });
});

describe('a checkpoint that the auditor kept', () => {
  it.each([0, 1, 2, 3, 7, 8, 255, 256, 257, 290])(
    'is contained in the later log: size %d',
    async (size) => {
      const world = packWorld();
      const ledger = ledgerOf(260, world);
      const earlier = new MemoryLedger(world);
      let count = 0;
      for await (const { leaf } of ledger.leaves()) {
        if (count < size) earlier.appendSealed({ leaf, statement: '', selected: false });
        count += 1;
      }
      const files = await packInMemory(ledger, world, { previousCheckpoint: earlier.checkpoint() });
      const verdict = await judge(files, { ...given.pins, checkpoint: earlier.checkpoint() });
      expect(verdict.findings).toEqual([]);
    },
    120_000,
  );

  it('is refused when it is no checkpoint, of another log, or not signed by it', async () => {
    const { log } = given.world;
    const tree = { origin: log.name, size: 1, root: Buffer.alloc(32) };
    const foreign = signCheckpoint({ ...tree, origin: 'x.example' }, { ...log, name: 'x.example' });
    const forged = signCheckpoint(tree, { ...log, privateKey: strangeKey() });
    const pin = (checkpoint: string) => codesOf(given.files, { ...given.pins, checkpoint });
    expect(await pin('nothing')).toEqual(['earlier-malformed']);
    expect(await pin(foreign)).toEqual(['earlier-malformed']);
    expect(await pin(forged)).toEqual(['earlier-signature']);
  });
});

describe('pinned keys', () => {
  it('are told apart from those the pack brings', async () => {
    const other = await sample(5, 'other');
    expect(await codesOf(other.files, {})).toEqual([]);
    const codes = await codesOf(other.files);
    expect(codes).toEqual(
      expect.arrayContaining(['export-key', 'manifest-signature', 'vkey', 'checkpoint-signature']),
    );
    const decisionKeys = text(given.files.get('decision.pub'));
    expect(await codesOf(other.files, { decisionKeys })).toEqual(['leaf-key']);
    expect(await codesOf(given.files, { decisionKeys })).toEqual([]);
  });

  it('must be keys, or nothing was judged', async () => {
    await expect(judge(given.files, { vkey: 'nonsense' })).rejects.toThrow('--vkey');
  });
});

describe('an insider with the export key', () => {
  const claimed = (claim: (predicate: never) => void) => codesOf(resigned(given.files, given, claim));
  type Claim = {
    counts: Record<string, unknown>;
    range: Record<string, unknown>;
    request: Record<string, unknown>;
  } & Record<string, unknown>;

  it.each<[string, (claim: Claim) => void]>([
    ['count', (c) => (c.counts['entries'] = 7)],
    ['count', (c) => (c.counts['decisions'] = 4)],
    ['count', (c) => (c.counts['gaps'] = 1)],
    ['range', (c) => (c.range['first'] = 0)],
    ['range', (c) => (c.range['last'] = null)],
    ['erased-count', (c) => (c.counts['erased'] = 1)],
    ['masked-count', (c) => (c.counts['masked'] = 6)],
    ['manifest-claim', (c) => (c['checkpoint'] = { ...(c['checkpoint'] as object), size: 5 })],
    ['manifest-claim', (c) => (c['checkpoint'] = { ...(c['checkpoint'] as object), origin: 'x' })],
    ['manifest-claim', (c) => (c['previousCheckpoint'] = '0'.repeat(64))],
    ['manifest-claim', (c) => (c.request['query'] = { gateId: 'GATE_PR' })],
    ['manifest-claim', (c) => (c.request['query'] = { projectId: 'another' })],
    ['manifest-claim', (c) => (c.request['query'] = { from: '2026-10-01T08:20:00.000Z' })],
    ['manifest-claim', (c) => (c.request['query'] = { to: '2026-10-01T08:20:00.000Z' })],
    ['manifest-claim', (c) => (c.request['seq'] = 2)],
    ['manifest-malformed', (c) => (c['format'] = 2)],
    ['manifest-malformed', (c) => (c['note'] = 'unknown')],
    ['manifest-malformed', (c) => (c.counts['erased'] = -1)],
    ['manifest-malformed', (c) => (c.counts['erased'] = '0')],
    ['manifest-malformed', (c) => (c.request['query'] = { anything: 'x' })],
  ])('is refused with %s for a claim that does not fit (%#)', async (code, claim) => {
    expect(await claimed(claim as (predicate: never) => void)).toEqual([code]);
  });

  it('is believed of the project of decisions that name none, and that is said', async () => {
    const world = packWorld();
    const ledger = new MemoryLedger(world);
    for (const n of [0, 1]) {
      const { projectId: _, ...facts } = decisionDraft(n).facts;
      ledger.append({ ...decisionDraft(n), facts });
    }
    const query = { projectId: 'another' };
    const { accepted, notices } = await judge(await packInMemory(ledger, world, { query }), given.pins);
    expect(accepted).toBe(true);
    expect(notices).toContainEqual(expect.stringMatching(/^2 decisions .* named a project/));
  });

  it('is refused for a list that is out of order, double, or not canonical', async () => {
    const { payload } = JSON.parse(text(given.files.get(MANIFEST))) as { payload: string };
    const statement = Buffer.from(payload, 'base64').toString();
    const key = given.world.keys.export;
    const subjects = /"subject":\[(.*)\]/.exec(statement)?.[1]?.split('},{') ?? [];
    expect(subjects.length).toBeGreaterThan(10);
    for (const wrong of [
      statement.replace('"subject":[', '"subject": ['),
      statement.replace(
        /\{"digest":\{"sha256":"(\w+)"\},"name":"([^"]+)"\}/,
        '{"name":"$2","digest":{"sha256":"$1"}}',
      ),
      statement.replace(/(\{"digest":[^}]+\},"name":"VERIFY.md"\})/, '$1,$1'),
      statement.replace('"name":"checkpoint"', '"name":"\\u0063heckpoint"'),
      `${statement} `,
      statement.replace('{"_type"', '{"_type":"x","_type"'),
      statement.toUpperCase(),
    ]) {
      expect(wrong).not.toBe(statement);
      const files = changed(given.files, MANIFEST, signedEnvelope(Buffer.from(wrong), key));
      expect(await codesOf(files)).toEqual([expect.stringMatching(/^(manifest-malformed|encoding-json)$/)]);
    }
  });

  it.each<[string, string, string, (bundle: string) => string]>([
    [
      'bundle-form',
      '$.dsseEnvelope.signatures[0].keyid',
      'a key id',
      (b) => b.replace('"keyid":""', '"keyid":"1"'),
    ],
    [
      'bundle-form',
      '$.extra',
      'an unknown member',
      (b) =>
        b
          .replace('{"dsse', '{"extra":1,"dsse')
          .replace(/(\{)("extra":1,)("dsseEnvelope":.*?),"mediaType"/, '$1$3,$2"mediaType"'),
    ],
    [
      'bundle-index',
      '$.verificationMaterial.tlogEntries[0].logIndex',
      'another outer index',
      (b) => b.replace(/"logIndex":"1"\}\]/, '"logIndex":"2"}]'),
    ],
    ['bundle-tree', '.treeSize', 'another tree size', (b) => b.replace('"treeSize":"6"', '"treeSize":"7"')],
    [
      'bundle-form',
      '.integratedTime',
      'a time that nothing vouches for',
      (b) => b.replace('"integratedTime":"0"', '"integratedTime":"1"'),
    ],
    [
      'bundle-form',
      '.hint',
      'another hint',
      (b) => b.replace(/"hint":"."/, (m) => m).replace(/"hint":"(.)/, '"hint":"$1A'),
    ],
    ['encoding-json', 'character 0', 'white space', (b) => ` ${b}`],
    [
      'encoding-json',
      '',
      'keys in another order',
      (b) =>
        JSON.stringify({
          ...(JSON.parse(b) as object),
          dsseEnvelope: undefined,
          a: (JSON.parse(b) as { dsseEnvelope: unknown }).dsseEnvelope,
        }),
    ],
  ])('is refused with %s at %s for a bundle with %s', async (code, where, _, edit) => {
    const files = resigned(edited(given.files, 'bundles/1.sigstore.json', edit), given);
    const { findings } = await judge(files, given.pins);
    expect(findings).toEqual([expect.objectContaining({ code, path: 'bundles/1.sigstore.json' })]);
    expect(findings[0]?.at).toContain(where);
  });

  it('is refused for a proof with an extra line, and told why', async () => {
    const proof = 'proofs/1.tlog-proof';
    const files = edited(given.files, proof, (old) => old.replace('index', 'extra AAAA\nindex'));
    const { findings } = await judge(resigned(files, given), given.pins);
    expect(findings).toEqual([
      { code: 'proof-form', path: proof, at: 'line 2', detail: 'an extra line, which nothing authenticates' },
    ]);
  });

  it('is refused for a signature line of a stranger', async () => {
    const line = signCheckpoint(
      { origin: 'w.example', size: 0, root: Buffer.alloc(32) },
      { name: 'w.example', privateKey: strangeKey() },
    );
    const files = edited(given.files, 'checkpoint', (note) => note + (line.split('\n\n')[1] ?? ''));
    expect(await codesOf(resigned(files, given))).toContain('checkpoint-unknown-signature');
  });
});

describe('a decision key that is not in decision.pub', () => {
  it('is refused though its signatures verify', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const only = resigned(changed(given.files, 'decision.pub', pem), given);
    expect(await codesOf(only)).toEqual(['leaf-key']);
    const added = resigned(
      edited(given.files, 'decision.pub', (old) => old + pem),
      given,
    );
    expect(await codesOf(added)).toEqual([]);
    const twice = resigned(
      edited(given.files, 'decision.pub', (old) => old + old),
      given,
    );
    expect(await codesOf(twice)).toEqual(['key-malformed']);
  });

  it('has the vkey that other tools compute', () => {
    expect(formatVkey(given.world.log.name, given.world.keys.log.publicKey)).toBe(
      text(given.files.get('checkpoint.vkey')).trimEnd(),
    );
  });
});

describe('a file that is replaced while it is judged', () => {
  it('is found when it is read again', async () => {
    const source = memorySource(given.files);
    let reads = 0;
    const read: PackSource['read'] = async (name) => {
      const bytes = await source.read(name);
      if (name !== 'tile/0/000.p/6') return bytes;
      reads += 1;
      return reads === 1 ? bytes : flipped(bytes, 100);
    };
    const { findings } = await verifyPack({ ...source, read }, nodeCrypto(), given.pins);
    expect(reads).toBe(2);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'file-digest', path: 'tile/0/000.p/6' }));
  });
});
