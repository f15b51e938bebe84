import { createHash, type Hash } from 'node:crypto';
import { IN_TOTO_PAYLOAD, pae } from '../../ledger/pae.js';
import { parseLeaf, type Leaf } from '../../ledger/leaf.js';
import { hashLeaf } from '../../ledger/merkle.js';
import { FACTS } from '../../ledger/statement.js';
import { PackRefused } from './pack.js';
import type { PackDecision, PackSource } from './pack-source.port.js';

/** The facts of a decision as its statement words them: times RFC 3339, digests `algorithm:hex`. */
export interface StatedFacts {
  readonly kind: string;
  readonly actor: string;
  readonly tsEnd: string;
  readonly caseId?: string;
  readonly actId?: string;
  readonly gateId?: string;
  readonly artId?: string;
  readonly artefactDigest?: string;
  readonly checklistVersion?: string;
  readonly policyDigests?: readonly string[];
  readonly result?: string;
  readonly severity?: string;
  readonly waiverIds?: readonly string[];
  readonly asOf?: string;
  readonly decisionId?: string;
}

/** A decision with what the tables show of it; parsed and hashed when somebody asks, for not every table does. */
export class DecisionRow implements PackDecision {
  readonly seq: number;
  readonly leaf: string;
  readonly statement: string;
  readonly erased: number;
  readonly masked: number;
  #leafHash: Buffer | undefined;
  #facts: StatedFacts | undefined;

  constructor({ seq, leaf, statement, erased, masked }: PackDecision) {
    this.seq = seq;
    this.leaf = leaf;
    this.statement = statement;
    this.erased = erased;
    this.masked = masked;
  }

  get leafHash(): Buffer {
    return (this.#leafHash ??= hashLeaf(Buffer.from(this.leaf)));
  }

  get facts(): StatedFacts {
    return (this.#facts ??= factsOf(this.statement));
  }
}

const factsOf = (statement: string): StatedFacts =>
  (JSON.parse(statement) as { predicate: { [FACTS]: StatedFacts } }).predicate[FACTS];

/** A decision as its leaf covers it. */
export interface CheckedDecision {
  readonly row: DecisionRow;
  readonly signed: Leaf;
}

/**
 * The decisions, read several times over one source. The first reading checks each against its leaf; the later
 * ones must bring exactly the same, or the manifest would sign tables that disagree with each other.
 */
export class DecisionReader {
  #first: Buffer | undefined;

  /** `signers` are the known decision keys: base64 of SubjectPublicKeyInfo. */
  constructor(
    private readonly source: Pick<PackSource, 'decisions'>,
    private readonly size: number,
    private readonly signers: ReadonlySet<string>,
  ) {}

  /** To be read to its end before `again`. Throws PackRefused at the first decision that its leaf does not cover. */
  async *checked(): AsyncGenerator<CheckedDecision> {
    const digest = createHash('sha256');
    let last = -1;
    for await (const decision of this.source.decisions()) {
      const { seq } = decision;
      if (seq <= last || seq >= this.size) throw new PackRefused('decision', 'out of order', seq);
      last = seq;
      include(digest, decision);
      const signed = this.#signedBy(decision);
      const row = new DecisionRow(decision);
      if (row.facts.kind !== 'decision.recorded') throw new PackRefused('decision', 'not a decision', seq);
      yield { row, signed };
    }
    this.#first = digest.digest();
  }

  async *again(): AsyncGenerator<DecisionRow> {
    const digest = createHash('sha256');
    for await (const decision of this.source.decisions()) {
      include(digest, decision);
      yield new DecisionRow(decision);
    }
    if (!this.#first?.equals(digest.digest())) {
      throw new PackRefused('source-changed', 'the decisions are not those of the first reading');
    }
  }

  /** By digest alone: that the signature over it verifies is for the reader of the pack to find, with his own key. */
  #signedBy({ seq, leaf, statement }: PackDecision): Leaf {
    const parsed = parseLeaf(leaf);
    if (!parsed.ok) throw new PackRefused('decision', parsed.problem.detail, seq);
    const { digest, publicKey } = parsed.value;
    if (!createHash('sha256').update(pae(IN_TOTO_PAYLOAD, statement)).digest().equals(digest)) {
      throw new PackRefused('decision', 'the statement is not the one that was signed', seq);
    }
    if (!this.signers.has(publicKey.toString('base64'))) {
      throw new PackRefused('keys', 'signed with a key that decision.pub would not hold', seq);
    }
    return parsed.value;
  }
}

function include(digest: Hash, { seq, leaf, statement }: PackDecision): void {
  digest.update(`${String(seq)} ${String(leaf.length)} ${String(statement.length)}\n${leaf}${statement}`);
}
