import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/kernel/digest.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import type { LedgerKeys } from '../../src/ledger/keys.js';
import { hashLeaf } from '../../src/ledger/merkle.js';
import { sealEntry } from '../../src/ledger/sealed-entry.js';
import type { NoteSigner } from '../../src/ledger/signed-note.js';
import { TileEdge } from '../../src/ledger/tile-edge.js';
import type { PackFile, PackKeys, PackRequest } from '../../src/outbound/pack/pack.js';
import { packFiles } from '../../src/outbound/pack/pack-files.js';
import type {
  PackContinuation,
  PackDecision,
  PackLeaf,
  PackSource,
} from '../../src/outbound/pack/pack-source.port.js';
import { ustar } from '../../src/outbound/pack/ustar.js';

/** Fixed, so that two runs speak of the same keys. Test keys: they guard nothing. */
const seed = (name: string): Buffer => createHash('sha256').update(`assay test key ${name}`).digest();

const ed25519 = (name: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed(name)]),
    format: 'der',
    type: 'pkcs8',
  });

/** P-256 from 32 bytes: RFC 5915 in PKCS #8, without the public half, which OpenSSL computes. */
const p256 = (name: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex'),
      seed(name),
    ]),
    format: 'der',
    type: 'pkcs8',
  });

export const PACK_ORIGIN = 'ledger.example';

export interface PackWorld {
  readonly log: NoteSigner;
  readonly ledger: LedgerKeys;
  readonly keys: PackKeys;
}

/** Keys of an installation, always the same ones for the same `name`. */
export function packWorld(name = 'pack'): PackWorld {
  const log: NoteSigner = { name: PACK_ORIGIN, privateKey: ed25519(`${name} log`) };
  const decision = p256(`${name} decision`);
  const ledger = { decision, pseudonym: seed(`${name} pseudonym`), keyEncryption: seed(`${name} kek`) };
  const keys: PackKeys = {
    log: { origin: PACK_ORIGIN, publicKey: createPublicKey(log.privateKey), since: Date.UTC(2026, 0, 1) },
    decisions: [createPublicKey(decision)],
    export: ed25519(`${name} export`),
  };
  return { log, ledger, keys };
}

const VERDICTS = ['PASS', 'PASS', 'FAIL', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'PASS', 'ERROR'];
const GATES = ['GATE_PR', 'GATE_RELEASE', 'GATE_LOCAL'];
const ORG = '11111111-1111-4111-8111-111111111111';
const START = Date.UTC(2026, 9, 1, 8);

/** The draft of synthetic decision `n`: a quarter of an hour apart, all verdicts and gates in turn. */
export function decisionDraft(n: number): EntryDraft {
  const verdict = VERDICTS[n % VERDICTS.length] ?? 'PASS';
  const artefact = sha256(`artefact ${String(n)}`);
  const policy = sha256('policy');
  const at = START + n * 900_000;
  const passed = verdict.startsWith('PASS');
  return {
    orgId: ORG,
    kind: 'decision.recorded',
    actor: { principalId: `service-${String(n % 5)}` },
    subjects: [{ name: 'ART_SHOP', digest: artefact }],
    facts: {
      tsStart: at - 40,
      tsEnd: at,
      projectId: uuid('project'),
      caseId: `SHOP-${String(n)}`,
      actId: 'ACT_BUILD',
      gateId: GATES[n % GATES.length] ?? 'GATE_PR',
      role: 'DEV',
      artId: 'ART_SHOP',
      result: verdict,
      severity: passed ? 'none' : 'high',
      artefactDigest: artefact,
      checklistVersion: 'CHK_SHOP@3',
      waiverIds: verdict === 'PASS_WITH_WAIVERS' ? [uuid(`waiver ${String(n)}`), uuid('waiver')] : [],
      policyDigests: [policy, sha256('other policy')],
      evidenceDigests: [sha256(`evidence ${String(n)}`)],
      waiverSetDigest: sha256('waivers'),
      asOf: at,
      decisionId: uuid(`decision ${String(n)}`),
      details: { locus: 'PR', documentDigest: sha256(`document ${String(n)}`) },
    },
    verdictSummary: {
      verifier: { id: 'https://ledger.example/assay' },
      timeVerified: new Date(at).toISOString(),
      resourceUri: `urn:assay:${ORG}:artefact:ART_SHOP`,
      policy: { uri: `urn:assay:${ORG}:checklist:CHK_SHOP:3`, digest: { sha256: policy.slice(7) } },
      inputAttestations: [],
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? [] : ['FAILED'],
    },
    key: seed(`decision ${String(n)}`).subarray(0, 16),
  };
}

/** An entry that no pack selects. */
export function otherDraft(n: number): EntryDraft {
  return {
    orgId: ORG,
    kind: 'artefact.registered',
    actor: { principalId: 'service-0' },
    subjects: [{ name: 'ART_SHOP', digest: sha256(`artefact ${String(n)}`) }],
    facts: { tsStart: START, tsEnd: START, artId: 'ART_SHOP', details: {} },
    key: seed(`other ${String(n)}`).subarray(0, 16),
  };
}

function uuid(name: string): string {
  const hex = seed(name).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A ledger in memory: entries, each with its statement and whether it is a decision. */
export class MemoryLedger implements PackSource {
  readonly #entries: (PackDecision & { readonly leafHash: Buffer; readonly selected: boolean })[] = [];
  readonly #edge = TileEdge.empty();

  constructor(private readonly world: PackWorld) {}

  get size(): number {
    return this.#entries.length;
  }

  append(draft: EntryDraft): void {
    const { leaf, statement } = sealEntry(draft, this.world.ledger, new Map());
    this.appendSealed({ leaf, statement, selected: draft.kind === 'decision.recorded' });
  }

  /** An entry that was signed before: signatures are random, so a golden pack needs kept ones. */
  appendSealed({ leaf, statement, selected }: { leaf: string; statement: string; selected: boolean }): void {
    const leafHash = hashLeaf(Buffer.from(leaf));
    this.#edge.append(leafHash);
    this.#entries.push({ seq: this.size, leaf, statement, erased: 0, masked: 0, leafHash, selected });
  }

  checkpoint(): string {
    return signCheckpoint(
      { origin: this.world.log.name, size: this.size, root: this.#edge.root() },
      this.world.log,
    );
  }

  async *leaves(): AsyncGenerator<PackLeaf> {
    for (const entry of this.#entries) yield await Promise.resolve(entry);
  }

  async *decisions(): AsyncGenerator<PackDecision> {
    for (const { selected, leafHash: _, ...decision } of this.#entries) {
      if (selected) yield await Promise.resolve(decision);
    }
  }

  async *continuations(): AsyncGenerator<PackContinuation> {
    for (const { seq, leaf, statement } of this.#entries)
      if (statement.includes('"kind":"log.continued"')) yield await Promise.resolve({ seq, leaf, statement });
  }

  leafHashes(first: number, end: number): Promise<readonly Buffer[]> {
    return Promise.resolve(this.#entries.slice(first, end).map(({ leafHash }) => leafHash));
  }
}

/** `decisions` decisions; before every seventh stands an entry of another kind, as in a real log. */
export function ledgerOf(decisions: number, world = packWorld()): MemoryLedger {
  const ledger = new MemoryLedger(world);
  for (let n = 0; n < decisions; n += 1) {
    if (n % 7 === 0) ledger.append(otherDraft(n));
    ledger.append(decisionDraft(n));
  }
  return ledger;
}

/** The request entry that asks for all of `ledger` as it stands. */
export const packRequest = (ledger: MemoryLedger, given: Partial<PackRequest> = {}): PackRequest => ({
  seq: ledger.size,
  at: Date.UTC(2026, 10, 21, 12),
  actor: 'p_00112233445566778899aabbccddeeff',
  leafHash: hashLeaf(Buffer.from('the request')),
  query: {},
  checkpoint: ledger.checkpoint(),
  generatorVersion: '0.0.0-test',
  ...given,
});

/** A real pack in memory, by path, in the order of emission. */
export async function packInMemory(
  ledger: MemoryLedger,
  world = packWorld(),
  given: Partial<PackRequest> = {},
): Promise<Map<string, Buffer>> {
  return readFiles(packFiles(ledger, packRequest(ledger, given), world.keys));
}

export async function readFiles(files: AsyncIterable<PackFile>): Promise<Map<string, Buffer>> {
  const read = new Map<string, Buffer>();
  for await (const { path, chunks } of files) read.set(path, await drained(chunks));
  return read;
}

export async function drained(chunks: PackFile['chunks']): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** A real pack of `decisions` synthetic decisions as a folder, which must exist. */
export async function packFolder(
  folder: string,
  decisions: number,
  world = packWorld(),
): Promise<MemoryLedger> {
  const ledger = ledgerOf(decisions, world);
  for (const [path, bytes] of await packInMemory(ledger, world)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return ledger;
}

/** The same as one tar. */
export async function packTar(path: string, decisions: number, world = packWorld()): Promise<MemoryLedger> {
  const ledger = ledgerOf(decisions, world);
  const file = await open(path, 'w');
  try {
    for await (const chunk of ustar(packFiles(ledger, packRequest(ledger), world.keys)))
      await file.write(chunk);
  } finally {
    await file.close();
  }
  return ledger;
}
