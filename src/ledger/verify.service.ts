import { openCheckpoint } from './checkpoint.js';
import type { StoredCheckpoint } from './integrator.store.js';
import { emptyRoot, hashLeaf } from './merkle.js';
import type { NoteVerifier } from './signed-note.js';
import type { LedgerSnapshot, SnapshotEntry } from './snapshot.read.js';
import { checkEntry } from './verify-entry.js';
import { TreeCheck } from './verify-tree.js';
import type { CheckedEntry, DomainCheck, Finding, VerificationReport } from './verify.js';
import { readStatement } from './recorded-entry.js';

/** What the verifier believes in: everything else it recomputes. */
export interface TrustAnchors {
  /** The log's public key (vkey). */
  readonly log: NoteVerifier;
  /** Known decision keys: base64 of SubjectPublicKeyInfo (DER). */
  readonly decisionKeys: ReadonlySet<string>;
  /** A checkpoint that somebody kept elsewhere: what even the holder of the log key cannot rewrite. */
  readonly keptNote?: string;
}

/** Recomputes the whole ledger from its entries and names all that is not as it was signed. Changes nothing. */
export class VerifyService {
  constructor(
    private readonly anchors: TrustAnchors,
    private readonly checks: readonly DomainCheck[] = [],
  ) {}

  async verify(snapshot: LedgerSnapshot): Promise<VerificationReport> {
    const latest = await snapshot.latestCheckpoint();
    const size = latest?.size ?? 0;
    const tree = new TreeCheck((level, index) => snapshot.tiles(level, index), size);
    const roots = new SignedRoots(snapshot.checkpoints(), this.anchors);
    const findings: Finding[] = [];
    await roots.meet(tree);
    for await (const entry of snapshot.entries()) {
      findings.push(...(await skipTo(entry.seq, tree, roots)));
      findings.push(...checkEntry(entry, this.anchors.decisionKeys).findings);
      await tree.add(hashLeaf(Buffer.from(entry.leaf)), entry.leafHash);
      await roots.meet(tree);
      if (tree.size === size) await tree.meetLatest();
    }
    // Rows whose entry is missing from the sequence are not named again.
    const strays = (await snapshot.strays()).filter(({ seq }) => seq >= Math.max(tree.size, size));
    findings.push(
      ...lost(tree.size, size),
      ...(await roots.rest(tree.size)),
      ...strays.map(({ what, seq }): Finding => ({ what, seq, detail: 'a row that belongs to no entry' })),
    );
    for (const check of this.checks) findings.push(...(await check(readable(snapshot.entries()))));
    const all = withoutEchoes([...findings, ...tree.findings()]);
    return {
      accepted: all.length === 0,
      size,
      root: (latest?.root ?? emptyRoot()).toString('hex'),
      notYetCovered: Math.max(0, tree.size - size),
      findings: all,
    };
  }
}

/** The signed checkpoints in order of size, each met when the tree reaches it. */
class SignedRoots {
  readonly #findings: Finding[] = [];
  readonly #stored: AsyncIterator<StoredCheckpoint>;
  readonly #anchors: TrustAnchors;
  readonly #kept: { size: number; root: Buffer } | undefined;
  #next: { size: number; root: Buffer } | undefined;
  #started = false;

  constructor(stored: AsyncIterable<StoredCheckpoint>, anchors: TrustAnchors) {
    this.#stored = stored[Symbol.asyncIterator]();
    this.#anchors = anchors;
    const kept = anchors.keptNote === undefined ? undefined : openCheckpoint(anchors.keptNote, anchors.log);
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
    return this.#findings;
  }

  async #advance(): Promise<void> {
    this.#started = true;
    this.#next = undefined;
    for (let step = await this.#stored.next(); !step.done; step = await this.#stored.next()) {
      const { size, root, note } = step.value;
      const signed = openCheckpoint(note, this.#anchors.log);
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

/** Reports a gap, and fills it so that what follows keeps its place. */
async function skipTo(seq: number, tree: TreeCheck, roots: SignedRoots): Promise<readonly Finding[]> {
  const from = tree.size;
  if (from === seq) return [];
  while (tree.size < seq) {
    await tree.addMissing();
    await roots.meet(tree);
  }
  return [missing(from, seq)];
}

const lost = (entries: number, signedSize: number): Finding[] =>
  entries < signedSize ? [missing(entries, signedSize)] : [];

const missing = (from: number, to: number): Finding => ({
  what: 'sequence',
  seq: from,
  detail: `entries ${String(from)} to ${String(to - 1)} are missing`,
});

async function* readable(entries: AsyncIterable<SnapshotEntry>): AsyncIterable<CheckedEntry> {
  for await (const { seq, fact } of entries) {
    const recorded = fact && readStatement(fact.statement);
    if (recorded?.ok) yield { seq, recorded: recorded.value };
  }
}

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
