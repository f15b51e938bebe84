import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type JsonObject, type JsonValue } from '../../kernel/canonical-json.js';
import { decodeBase64 } from '../../ledger/base64.js';
import { openCheckpoint } from '../../ledger/checkpoint.js';
import { checkStatement, parseLeaf } from '../../ledger/leaf.js';
import { hashLeaf } from '../../ledger/merkle.js';
import { verifyInclusion } from '../../ledger/merkle-proof.js';
import { pae } from '../../ledger/pae.js';
import { parseVkey } from '../../ledger/signed-note.js';
import { expectFile } from '../../../test/support/expect-file.js';
import {
  decisionDraft,
  drained,
  ledgerOf,
  MemoryLedger,
  packInMemory,
  packRequest,
  packWorld,
  readFiles,
} from '../../../test/support/pack.js';
import { packFiles } from './pack-files.js';
import type { PackSource } from './pack-source.port.js';
import { ustar } from './ustar.js';

const GOLDEN = join(import.meta.dirname, '../../../test/golden/pack');
const world = packWorld();
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const json = (bytes: Buffer | undefined): JsonObject => JSON.parse(String(bytes)) as JsonObject;
const at = (value: JsonValue, ...path: readonly (string | number)[]): JsonValue =>
  path.reduce<JsonValue>((inner, key) => (inner as Record<string | number, JsonValue>)[key] ?? null, value);

/** What base64 at that place stands for. */
const bytesAt = (value: JsonValue, ...path: readonly (string | number)[]): Buffer =>
  Buffer.from(at(value, ...path) as string, 'base64');

/** Twelve decisions among fourteen entries, and 300 so that a whole block is there. */
const small = packInMemory(ledgerOf(12), world);
const large = packInMemory(ledgerOf(300), world);

describe('an evidence pack', () => {
  it('holds a bundle, a leaf and a proof for each selected decision, and no more', async () => {
    const names = [...(await small).keys()].filter((path) => /^(entries|bundles|proofs)\//.test(path));
    const seqs = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13];
    expect(names).toEqual(
      seqs.flatMap((seq) => [
        `entries/${String(seq)}.json`,
        `bundles/${String(seq)}.sigstore.json`,
        `proofs/${String(seq)}.tlog-proof`,
      ]),
    );
  });

  it('proves each decision from its own files, as a stranger would', async () => {
    const files = await large;
    const log = parseVkey(String(files.get('checkpoint.vkey')).trimEnd());
    const wrong: string[] = [];
    for (const [path, bytes] of files) {
      const seq = Number(/^entries\/(\d+)\.json$/.exec(path)?.[1] ?? NaN);
      if (Number.isNaN(seq)) continue;
      const [head, index, ...rest] = String(files.get(`proofs/${String(seq)}.tlog-proof`)).split('\n');
      const hashes = rest.slice(0, rest.indexOf('')).map((line) => decodeBase64(line) ?? Buffer.alloc(0));
      const note = rest.slice(rest.indexOf('') + 1).join('\n');
      const opened = log.ok ? openCheckpoint(note, log.value) : log;
      const claim = opened.ok && { ...opened.value, index: seq, leafHash: hashLeaf(bytes) };
      const shape = head === 'c2sp.org/tlog-proof@v1' && index === `index ${String(seq)}`;
      if (!shape || !claim || !verifyInclusion(claim, hashes)) wrong.push(path);
    }
    expect(wrong).toEqual([]);
    expect(files.has('tile/entries/001.p/87')).toBe(true);
  });

  it('says in each bundle what the leaf, the checkpoint and the statement say', async () => {
    const files = await small;
    const text = String(files.get('bundles/5.sigstore.json'));
    const bundle = json(files.get('bundles/5.sigstore.json'));
    expect(canonicalJson(bundle)).toBe(text);
    const entry = at(bundle, 'verificationMaterial', 'tlogEntries', 0);
    expect(at(bundle, 'mediaType')).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect([at(entry, 'logIndex'), at(entry, 'inclusionProof', 'logIndex')]).toEqual(['5', '5']);
    expect([at(entry, 'integratedTime'), at(entry, 'inclusionProof', 'treeSize')]).toEqual(['0', '14']);
    expect(at(entry, 'kindVersion')).toEqual({ kind: 'hashedrekord', version: '0.0.2' });
    expect(at(entry, 'inclusionProof', 'checkpoint', 'envelope')).toBe(String(files.get('checkpoint')));
    expect(at(entry, 'canonicalizedBody')).toBe(files.get('entries/5.json')?.toString('base64'));
    const root = json(files.get('trusted_root.json'));
    expect(at(entry, 'logId', 'keyId')).toBe(at(root, 'tlogs', 0, 'logId', 'keyId'));
    expect(at(root, 'tlogs', 0, 'baseUrl')).toBe('https://ledger.example');
    expect(at(bundle, 'dsseEnvelope', 'signatures', 0, 'keyid')).toBe(''); // else verifiers skip the signature
    const leaf = parseLeaf(String(files.get('entries/5.json')));
    const payload = bytesAt(bundle, 'dsseEnvelope', 'payload').toString();
    expect(leaf.ok && checkStatement(leaf.value, payload)).toBe('fits');
    expect(leaf.ok && leaf.value.signature.toString('base64')).toBe(
      at(bundle, 'dsseEnvelope', 'signatures', 0, 'sig'),
    );
  });

  it('signs the digest of every other file, and comes last', async () => {
    const files = await small;
    expect([...files.keys()].at(-1)).toBe('manifest.intoto.json');
    const envelope = json(files.get('manifest.intoto.json'));
    expect(canonicalJson(envelope)).toBe(String(files.get('manifest.intoto.json')));
    const payload = bytesAt(envelope, 'payload').toString();
    const sig = bytesAt(envelope, 'signatures', 0, 'sig');
    const key = createPublicKey(String(files.get('export.pub')));
    expect(verify(null, pae('application/vnd.in-toto+json', payload), key, sig)).toBe(true);
    const statement = JSON.parse(payload) as JsonObject;
    expect(canonicalJson(statement)).toBe(payload);
    const expected = [...files]
      .filter(([path]) => path !== 'manifest.intoto.json')
      .map(([name, bytes]) => ({ name, digest: { sha256: sha256(bytes) } }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(statement['subject']).toEqual(expected);
    expect(statement['predicate']).toMatchObject({
      format: 1,
      range: { first: 1, last: 13 },
      counts: { entries: 14, decisions: 12, gaps: 0, erased: 0, masked: 0 },
      checkpoint: { origin: 'ledger.example', size: 14 },
      previousCheckpoint: null,
    });
  });

  it('shows the same decisions in the table, the lines and the statements', async () => {
    const files = await small;
    const [header, ...lines] = String(files.get('decisions.csv')).trimEnd().split('\n');
    expect(header?.split(',')).toHaveLength(16);
    expect(lines).toHaveLength(12);
    const objects = String(files.get('decisions.jsonl')).trimEnd().split('\n');
    expect(objects.map((line) => canonicalJson(JSON.parse(line) as JsonObject))).toEqual(objects);
    const [, , , fourth = ''] = lines;
    const facts = decisionDraft(3).facts;
    expect(fourth.split(',')).toEqual([
      ...[
        '4',
        '2026-10-01T08:45:00.000Z',
        'SHOP-3',
        'ACT_BUILD',
        'GATE_PR',
        'ART_SHOP',
        facts.artefactDigest,
      ],
      ...[
        'CHK_SHOP@3',
        facts.policyDigests?.join(' '),
        'PASS_WITH_WAIVERS',
        'none',
        facts.waiverIds?.join(' '),
      ],
      ...['2026-10-01T08:45:00.000Z', facts.decisionId, expect.stringMatching(/^p_[0-9a-f]{32}$/)],
      hashLeaf(files.get('entries/4.json') ?? Buffer.alloc(0)).toString('hex'),
    ]);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const ledger = ledgerOf(12);
    const tar = async (): Promise<Buffer> =>
      drained(ustar(packFiles(ledger, packRequest(ledger), world.keys)));
    expect(sha256(await tar())).toBe(sha256(await tar()));
  });

  it('is the golden one for kept entries, fixed keys and a fixed request', async () => {
    const ledger = new MemoryLedger(world);
    const kept = readFileSync(join(GOLDEN, 'entries.jsonl'), 'utf8').trimEnd().split('\n');
    for (const line of kept) {
      ledger.appendSealed(JSON.parse(line) as { leaf: string; statement: string; selected: boolean });
    }
    const files = await packInMemory(ledger, world, { previousCheckpoint: ledger.checkpoint() });
    const digests = [...files].map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`).join('');
    expectFile(join(GOLDEN, 'files.txt'), digests);
    expectFile(join(GOLDEN, 'verify-guide.txt'), String(files.get('VERIFY.md')));
  });

  it('counts what was erased and masked, and names the checkpoint that the asker brought', async () => {
    const ledger = ledgerOf(5);
    async function* decisions(): ReturnType<PackSource['decisions']> {
      for await (const decision of ledger.decisions())
        yield { ...decision, erased: decision.seq % 2, masked: 2 };
    }
    const source: PackSource = {
      leaves: () => ledger.leaves(),
      decisions,
      continuations: () => ledger.continuations(),
      leafHashes: (first, end) => ledger.leafHashes(first, end),
    };
    const previousCheckpoint = ledgerOf(2).checkpoint();
    const request = packRequest(ledger, { previousCheckpoint, query: { gateId: 'GATE_PR' } });
    const files = await readFiles(packFiles(source, request, world.keys));
    expect(String(files.get('previous-checkpoint'))).toBe(previousCheckpoint);
    const payload = bytesAt(json(files.get('manifest.intoto.json')), 'payload');
    expect(at(JSON.parse(String(payload)) as JsonObject, 'predicate')).toMatchObject({
      counts: { entries: 6, decisions: 5, erased: 3, masked: 10 },
      request: { seq: 6, query: { gateId: 'GATE_PR' }, leafHash: request.leafHash.toString('hex') },
      previousCheckpoint: sha256(Buffer.from(previousCheckpoint)),
    });
  });

  it('can be empty: the log is there, and no list of nothing', async () => {
    const ledger = ledgerOf(0);
    const none = await packInMemory(ledger, world);
    expect(String(none.get('decisions.csv')).split('\n')).toHaveLength(2);
    expect(none.get('decisions.jsonl')).toHaveLength(0);
    expect(String(none.get('oscal-ar.json'))).not.toMatch(/\[\]/);
    expect(String(none.get('VERIFY.md'))).toContain('selected no decision');
    const payload = bytesAt(json(none.get('manifest.intoto.json')), 'payload');
    expect(at(JSON.parse(String(payload)) as JsonObject, 'predicate', 'range')).toEqual({
      first: null,
      last: null,
    });
  });
});

describe('what contradicts itself becomes no pack', () => {
  /** A source that is `ledger` but for one method. */
  const but = (ledger: MemoryLedger, changed: Partial<PackSource>): PackSource => ({
    leaves: () => ledger.leaves(),
    decisions: () => ledger.decisions(),
    continuations: () => ledger.continuations(),
    leafHashes: (first, end) => ledger.leafHashes(first, end),
    ...changed,
  });
  const made = (ledger: MemoryLedger, source: PackSource, keys = world.keys): Promise<unknown> =>
    readFiles(packFiles(source, packRequest(ledger), keys));

  it('a leaf that was changed after the checkpoint', async () => {
    const ledger = ledgerOf(5);
    async function* changed(): ReturnType<PackSource['leaves']> {
      for await (const { seq, leaf } of ledger.leaves()) yield { seq, leaf: seq === 2 ? `${leaf} ` : leaf };
    }
    await expect(made(ledger, but(ledger, { leaves: changed }))).rejects.toMatchObject({
      reason: 'checkpoint',
    });
  });

  it('a statement that is not the signed one', async () => {
    const ledger = ledgerOf(5);
    async function* changed(): AsyncGenerator<never> {
      for await (const decision of ledger.decisions()) {
        yield { ...decision, statement: decision.statement.replace('"FAIL"', '"PASS"') } as never;
      }
    }
    const pack = made(ledger, but(ledger, { decisions: changed }));
    await expect(pack).rejects.toMatchObject({ reason: 'decision', seq: 3 });
  });

  it('decisions that are others at the second reading', async () => {
    const ledger = ledgerOf(5);
    let readings = 0;
    async function* changing(): AsyncGenerator<never> {
      readings += 1;
      for await (const decision of ledger.decisions()) {
        const { leaf, statement } = decision;
        // The same length, so that only the content tells.
        const other = readings === 2 ? statement.replace('SHOP-1', 'SHOP-9') : statement;
        yield { ...decision, leaf, statement: other } as never;
      }
    }
    const pack = made(ledger, but(ledger, { decisions: changing }));
    await expect(pack).rejects.toMatchObject({ reason: 'source-changed' });
  });

  it('a checkpoint of another log, and a decision by a key that the pack does not hold', async () => {
    const ledger = ledgerOf(5);
    const stranger = generateKeyPairSync('ed25519').publicKey;
    const otherLog = { ...world.keys, log: { ...world.keys.log, publicKey: stranger } };
    await expect(made(ledger, ledger, otherLog)).rejects.toMatchObject({ reason: 'checkpoint' });
    const other = { ...world.keys, decisions: packWorld('other').keys.decisions };
    await expect(made(ledger, ledger, other)).rejects.toMatchObject({ reason: 'keys', seq: 1 });
  });

  it('a stream that its consumer skips', async () => {
    const ledger = ledgerOf(2);
    const skipping = async (): Promise<void> => {
      for await (const { path, chunks } of packFiles(ledger, packRequest(ledger), world.keys)) {
        if (path !== 'decisions.csv') await drained(chunks);
      }
    };
    await expect(skipping()).rejects.toThrow('decisions.csv was not read');
  });
});
