import { openCheckpoint } from './checkpoint.js';
import { originOf } from './continuation.js';
import type { StoredCheckpoint } from './integrator.store.js';
import { emptyRoot, hashLeaf } from './merkle.js';
import type { NoteVerifier } from './signed-note.js';
import type { RecordedEntry } from './recorded-entry.js';
import type { Coordinators, LedgerSnapshot, SnapshotEntry } from './snapshot.read.js';
import { checkEntry } from './verify-entry.js';
import { CosignatureCheck, type CosignedCheckpoint } from './verify-cosignatures.js';
import { TreeCheck, type StoredTiles } from './verify-tree.js';
import { NO_WITNESSES, type WitnessPolicy } from './witness-policy.js';
import type { CheckedEntry, DomainCheck, Finding, VerificationReport, VerifiedUpTo } from './verify.js';

/** What the verifier believes in: everything else it recomputes. */
export interface TrustAnchors {
  /** The log's public key (vkey). */
  readonly log: NoteVerifier;
  /** Known decision keys: base64 of SubjectPublicKeyInfo (DER). */
  readonly decisionKeys: ReadonlySet<string>;
  /** A checkpoint that somebody kept elsewhere: what even the holder of the log key cannot rewrite. */
  readonly keptNote?: string;
  /** Whose cosignatures are asked for. */
  readonly witnesses?: WitnessPolicy;
  /** Logs that this one continues, by its own `log.continued` entries (ADR 0014). */
  readonly formerLogs?: readonly FormerLog[];
}

/** Its checkpoints count up to where the new log took over; what it signed last is declared, and may be lost. */
export interface FormerLog {
  readonly log: NoteVerifier;
  readonly until: number;
  readonly lastNote: string;
}

/** Readable entries that the checks get at once. */
const PAGE = 500;

/** What a pass found, and where the next one can go on: undefined when there is nothing to go on from. */
export interface Pass {
  readonly report: VerificationReport;
  readonly upTo: VerifiedUpTo | undefined;
}

/**
 * Recomputes the ledger from its entries and names all that is not as it was signed. Reads every entry once,
 * whatever the number of checks. Changes nothing.
 */
export class VerifyService {
  /** Built anew for each pass. */
  constructor(
    private readonly anchors: TrustAnchors,
    private readonly checks: readonly DomainCheck[] = [],
  ) {}

  /** The whole ledger. */
  async verify(snapshot: LedgerSnapshot): Promise<VerificationReport> {
    return (await this.fullPass(snapshot)).report;
  }

  async fullPass(snapshot: LedgerSnapshot): Promise<Pass> {
    const latest = await snapshot.latestCheckpoint();
    const tree = new TreeCheck((level, index) => snapshot.tiles(level, index), latest?.size ?? 0);
    return this.#pass(snapshot, { tree, latest, checks: this.checks, full: true });
  }

  /**
   * What came after `from`, and that the signed tree continues it. An entry that was verified before is not read
   * again; only a full pass finds it changed since.
   */
  async newEntries(snapshot: LedgerSnapshot, from: VerifiedUpTo): Promise<Pass> {
    const latest = await snapshot.latestCheckpoint();
    const stored: StoredTiles = (level, index) => snapshot.tiles(level, index);
    const tree = await TreeCheck.goOn(stored, latest?.size ?? 0, from);
    const checks = this.checks.filter(({ standsAlone }) => standsAlone);
    if (tree) return this.#pass(snapshot, { tree, latest, checks, full: false });
    const detail = `the stored tree of ${String(from.size)} entries is not the one verified before`;
    return { report: reportOf([{ what: 'tile', detail }], latest, from.size, 0), upTo: undefined };
  }

  async #pass(snapshot: LedgerSnapshot, { tree, latest, checks, full }: Course): Promise<Pass> {
    const from = tree.size;
    const size = latest?.size ?? 0;
    const roots = new SignedRoots(snapshot.checkpoints(from), this.anchors);
    const coordinators = new CoordinatorCheck(await snapshot.coordinators(), latest);
    const domain = new DomainChecks(checks);
    const findings: Finding[] = [];
    const reached = async (): Promise<void> => {
      await roots.meet(tree);
      coordinators.meet(tree);
      if (tree.size === size) await tree.meetLatest();
    };
    await reached();
    for await (const entry of snapshot.entries(from)) {
      if (entry.seq > tree.size) findings.push(missing(tree.size, entry.seq));
      while (tree.size < entry.seq) {
        await tree.addMissing(); // so that what follows keeps its place
        await reached();
      }
      const { findings: found, recorded } = checkEntry(entry, this.anchors.decisionKeys);
      findings.push(...found);
      if (recorded) findings.push(...(await domain.add(checkedEntry(entry, recorded))));
      await tree.add(hashLeaf(Buffer.from(entry.leaf)), entry.leafHash);
      await reached();
    }
    findings.push(...(await domain.flush()));
    findings.push(...lost(tree.size, size), ...(await roots.rest(tree.size)));
    findings.push(...coordinators.rest(tree.size, size));
    if (full) {
      findings.push(...(await straysOf(snapshot, Math.max(tree.size, size))));
      for (const check of checks) findings.push(...(await check.finish()));
    }
    const all = withoutEchoes([...findings, ...tree.findings()]);
    const report = reportOf(all, latest, tree.size, tree.size - from);
    const upTo = report.accepted && latest ? { size, root: latest.root } : undefined;
    return { report, upTo };
  }
}

interface Course {
  readonly tree: TreeCheck;
  readonly latest: StoredCheckpoint | undefined;
  readonly checks: readonly DomainCheck[];
  readonly full: boolean;
}

/** Hands the checks the entries they are fed with, a page at a time. */
class DomainChecks {
  #page: CheckedEntry[] = [];

  constructor(private readonly checks: readonly DomainCheck[]) {}

  async add(entry: CheckedEntry): Promise<readonly Finding[]> {
    this.#page.push(entry);
    return this.#page.length < PAGE ? [] : this.flush();
  }

  async flush(): Promise<readonly Finding[]> {
    const page = this.#page;
    this.#page = [];
    if (page.length === 0) return [];
    const findings: Finding[] = [];
    for (const check of this.checks) findings.push(...(await check.read(page)));
    return findings;
  }
}

/** The sequencer must know the next number, and the integrator a tree that the leaves make. */
class CoordinatorCheck {
  #rootFits: boolean | undefined;

  constructor(
    private readonly stored: Coordinators,
    private readonly latest: StoredCheckpoint | undefined,
  ) {}

  meet(tree: TreeCheck): void {
    const { size, root } = this.stored;
    if (tree.size !== size) return;
    // A changed leaf, tile or checkpoint is a finding of its own, and must not look like two.
    const signed = this.latest?.size === size && this.latest.root.equals(root);
    this.#rootFits = signed || tree.roots().some((grown) => grown.equals(root));
  }

  rest(entries: number, signedSize: number): Finding[] {
    const findings: Finding[] = [];
    const found = (detail: string): void => {
      findings.push({ what: 'coordinator', detail });
    };
    const { next, size } = this.stored;
    if (next !== Math.max(entries, signedSize))
      found(`the next entry would be ${String(next)}, there are ${String(entries)}`);
    if (size < signedSize || size > entries)
      found(`the integrator stands at ${String(size)}, signed are ${String(signedSize)}`);
    else if (this.#rootFits === false) found(`the integrator's root of ${String(size)} entries is another`);
    return findings;
  }
}

const checkedEntry = ({ seq, bodies }: SnapshotEntry, recorded: RecordedEntry): CheckedEntry => ({
  seq,
  recorded,
  bodies: bodies.map(({ subject, ciphertext, fields }) => ({
    subject,
    erased: ciphertext === null,
    ...(fields && { fields }),
  })),
});

/** Rows whose entry is missing from the sequence are not named again. */
async function straysOf(snapshot: LedgerSnapshot, from: number): Promise<Finding[]> {
  const strays = await snapshot.strays();
  return strays
    .filter(({ seq }) => seq >= from)
    .map(({ what, seq }): Finding => ({ what, seq, detail: 'a row that belongs to no entry' }));
}

const reportOf = (
  findings: readonly Finding[],
  latest: StoredCheckpoint | undefined,
  total: number,
  entries: number,
): VerificationReport => ({
  accepted: findings.length === 0,
  size: latest?.size ?? 0,
  root: (latest?.root ?? emptyRoot()).toString('hex'),
  notYetCovered: Math.max(0, total - (latest?.size ?? 0)),
  entries,
  findings,
});

/** The signed checkpoints in order of size, each met when the tree reaches it. */
class SignedRoots {
  readonly #findings: Finding[] = [];
  readonly #stored: AsyncIterator<StoredCheckpoint & CosignedCheckpoint>;
  readonly #anchors: TrustAnchors;
  readonly #cosignatures: CosignatureCheck;
  readonly #kept: { size: number; root: Buffer } | undefined;
  #next: { size: number; root: Buffer } | undefined;
  #started = false;

  constructor(stored: AsyncIterable<StoredCheckpoint & CosignedCheckpoint>, anchors: TrustAnchors) {
    this.#stored = stored[Symbol.asyncIterator]();
    this.#anchors = anchors;
    this.#cosignatures = new CosignatureCheck(anchors.witnesses ?? NO_WITNESSES);
    const declared = anchors.formerLogs?.some(({ lastNote }) => lastNote === anchors.keptNote) === true;
    const kept =
      anchors.keptNote === undefined || declared ? undefined : openCheckpoint(anchors.keptNote, anchors.log);
    if (kept?.ok) this.#kept = kept.value;
    else if (kept)
      this.#findings.push({ what: 'checkpoint', detail: `the kept checkpoint: ${kept.problem.kind}` });
  }

  async meet(tree: TreeCheck): Promise<void> {
    if (!this.#started) await this.#advance();
    if (this.#kept?.size === tree.size) tree.meet(this.#kept.root);
    while (this.#next?.size === tree.size) {
      tree.meet(this.#next.root);
      await this.#advance();
    }
  }

  /** What is wrong with the checkpoints themselves, once the tree has all its `size` entries. */
  async rest(size: number): Promise<readonly Finding[]> {
    while (this.#next) await this.#advance();
    if (this.#kept && this.#kept.size > size) {
      const covers = `the kept checkpoint covers ${String(this.#kept.size)} entries`;
      this.#findings.push({ what: 'checkpoint', detail: `${covers}, the ledger has ${String(size)}` });
    }
    return [...this.#findings, ...this.#cosignatures.findings()];
  }

  #signerOf(note: string, size: number): NoteVerifier {
    const { log, formerLogs = [] } = this.#anchors;
    return (
      formerLogs.find((former) => former.log.name === originOf(note) && size <= former.until)?.log ?? log
    );
  }

  async #advance(): Promise<void> {
    this.#started = true;
    this.#next = undefined;
    for (let step = await this.#stored.next(); !step.done; step = await this.#stored.next()) {
      const { size, root, note } = step.value;
      this.#cosignatures.see(step.value);
      const signed = openCheckpoint(note, this.#signerOf(note, size));
      const name = `checkpoint of size ${String(size)}`;
      if (!signed.ok) {
        this.#findings.push({ what: 'checkpoint', detail: `${name}: ${signed.problem.kind}` });
        continue;
      }
      if (signed.value.size !== size || !signed.value.root.equals(root)) {
        this.#findings.push({ what: 'checkpoint', detail: `${name}: size or root is not the signed one` });
      }
      if (signed.value.size === size) {
        this.#next = { size, root: signed.value.root };
        return;
      }
    }
  }
}

const lost = (entries: number, signedSize: number): Finding[] =>
  entries < signedSize ? [missing(entries, signedSize)] : [];

const missing = (from: number, to: number): Finding => ({
  what: 'sequence',
  seq: from,
  detail: `entries ${String(from)} to ${String(to - 1)} are missing`,
});

/** A changed leaf no longer fits its statement, nor its tile: that is one deed, and the leaf is named once. */
function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  const leaves = new Map<number | undefined, Finding>();
  for (const finding of findings.filter(({ what }) => what === 'leaf')) {
    const before = leaves.get(finding.seq);
    leaves.set(finding.seq, before ? { ...before, detail: `${before.detail}; ${finding.detail}` } : finding);
  }
  const others = findings.filter(({ what, seq }) => what !== 'leaf' && !(what === 'fact' && leaves.has(seq)));
  return [...leaves.values(), ...others];
}
