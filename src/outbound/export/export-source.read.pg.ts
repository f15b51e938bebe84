import type { EntityManager } from 'typeorm';
import type { PackContinuation, PackDecision, PackLeaf } from '../pack/pack-source.port.js';
import type { ExportSource } from './export-source.read.js';
import type { ExportRequest } from './export.js';

/** Leaves and statements fetched at once: about a megabyte. */
const LEAVES = 1_000;
const DECISIONS = 400;

const FACTS = `'{predicate,urn:assay:facts:v1,`;

/**
 * What is selected, from the record alone: rows of other tables may have moved on since. $1 organisation, $2 size,
 * then the query; null means not asked for. `ts_end` is RFC 3339 UTC text, which sorts as time byte by byte.
 */
const SELECTED = `f.org_id = $1 AND f.kind = 'decision.recorded' AND f.seq < $2
  AND ($3::text IS NULL OR f.ts_end COLLATE "C" >= $3) AND ($4::text IS NULL OR f.ts_end COLLATE "C" < $4)
  AND ($5::text IS NULL OR f.gate_id = $5) AND ($6::text IS NULL OR f.artefact_digest = $6)
  AND ($7::text[] IS NULL OR f.art_id = ANY ($7))`;

interface DecisionRow {
  readonly seq: string;
  readonly leaf: string;
  readonly statement: string;
}

/** What the statement says that a pack counts by. */
interface Said {
  readonly predicate: Readonly<
    Record<
      'urn:assay:facts:v1',
      {
        readonly evidenceDigests?: readonly string[];
        readonly personal: readonly { readonly subject: string }[];
      }
    >
  >;
}

/**
 * Reads by `seq` below the checkpoint's size. Those rows never change, so pages need no common snapshot, no
 * transaction stays open for minutes, and a later making reads the same.
 */
export class PgExportSource implements ExportSource {
  #parameters: Promise<readonly unknown[]> | undefined;
  #masked: Promise<ReadonlySet<string>> | undefined;
  #erasures: Promise<ReadonlyMap<string, readonly number[]>> | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly request: Pick<ExportRequest, 'orgId' | 'query' | 'checkpoint'>,
  ) {}

  async *leaves(): AsyncIterable<PackLeaf> {
    const { size } = this.request.checkpoint;
    for (let next = 0; next < size;) {
      const rows = await this.manager.query<{ seq: string; leaf: string }[]>(
        'SELECT seq, leaf FROM ledger.entry WHERE seq >= $1 AND seq < $2 ORDER BY seq',
        [next, Math.min(next + LEAVES, size)],
      );
      for (const { seq, leaf } of rows) yield { seq: Number(seq), leaf };
      next += LEAVES; // a page with a hole is the reader's to notice: it knows which number comes next
    }
  }

  async *decisions(): AsyncIterable<PackDecision> {
    const selecting = await this.#selecting();
    const [masked, erasures] = await Promise.all([this.#maskedEvidence(), this.#erasedPersons()]);
    for (let after = '-1'; ;) {
      const rows = await this.manager.query<DecisionRow[]>(
        `SELECT f.seq, e.leaf, f.statement FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq
          WHERE ${SELECTED} AND f.seq > $8 ORDER BY f.seq LIMIT ${String(DECISIONS)}`,
        [...selecting, after],
      );
      for (const { seq, leaf, statement } of rows) {
        const said = JSON.parse(statement) as Said;
        const { personal, evidenceDigests = [] } = said.predicate['urn:assay:facts:v1'];
        yield {
          seq: Number(seq),
          leaf,
          statement,
          erased: personal.filter(({ subject }) => erasures.get(subject)?.some((at) => at > Number(seq)))
            .length,
          masked: new Set(evidenceDigests.filter((digest) => masked.has(digest))).size,
        };
      }
      if (rows.length < DECISIONS) return;
      after = rows.at(-1)?.seq ?? after;
    }
  }

  async *continuations(): AsyncIterable<PackContinuation> {
    const rows = await this.manager.query<DecisionRow[]>(
      `SELECT f.seq, e.leaf, f.statement FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq
        WHERE f.org_id = $1 AND f.kind = 'log.continued' AND f.seq < $2 ORDER BY f.seq`,
      [this.request.orgId, this.request.checkpoint.size],
    );
    for (const { seq, leaf, statement } of rows) yield { seq: Number(seq), leaf, statement };
  }

  async count(): Promise<number> {
    const [row] = await this.manager.query<{ count: string }[]>(
      `SELECT count(*) FROM ledger.fact f WHERE ${SELECTED}`,
      [...(await this.#selecting())],
    );
    return Number(row?.count ?? 0);
  }

  async leafHashes(first: number, end: number): Promise<readonly Buffer[]> {
    const rows = await this.manager.query<{ leaf_hash: Buffer }[]>(
      'SELECT leaf_hash FROM ledger.entry WHERE seq >= $1 AND seq < $2 ORDER BY seq',
      [first, Math.min(end, this.request.checkpoint.size)],
    );
    return rows.map(({ leaf_hash }) => leaf_hash);
  }

  #selecting(): Promise<readonly unknown[]> {
    return (this.#parameters ??= this.#resolve());
  }

  /** A project's artefacts are those that entries below the size registered under it. */
  async #resolve(): Promise<readonly unknown[]> {
    const { orgId, query, checkpoint } = this.request;
    const { from = null, to = null, gateId = null, artefactDigest = null, projectId } = query;
    const artefacts =
      projectId === undefined
        ? null
        : await this.manager.query<{ art_id: string }[]>(
            `SELECT DISTINCT art_id FROM ledger.fact
              WHERE org_id = $1 AND kind = 'artefact.registered' AND seq < $2
                AND statement::jsonb #>> ${FACTS}details,projectId}' = $3`,
            [orgId, checkpoint.size, projectId],
          );
    const artIds = artefacts?.map(({ art_id }) => art_id) ?? null;
    return [orgId, checkpoint.size, from, to, gateId, artefactDigest, artIds];
  }

  /** Digests, as stored, of evidence of which secrets were masked. */
  #maskedEvidence(): Promise<ReadonlySet<string>> {
    return (this.#masked ??= this.manager
      .query<{ digest: string }[]>(
        `SELECT DISTINCT statement::jsonb #>> ${FACTS}evidenceDigests,0}' AS digest FROM ledger.fact
          WHERE org_id = $1 AND kind = 'evidence.received' AND seq < $2
            AND (statement::jsonb #>> ${FACTS}details,maskedCount}')::int > 0`,
        [this.request.orgId, this.request.checkpoint.size],
      )
      .then((rows) => new Set(rows.map(({ digest }) => digest))));
  }

  /** By pseudonym, the entries that record an erasure. */
  #erasedPersons(): Promise<ReadonlyMap<string, readonly number[]>> {
    return (this.#erasures ??= this.manager
      .query<{ subject: string; seqs: string[] }[]>(
        `SELECT person.value AS subject, array_agg(f.seq) AS seqs FROM ledger.fact f
           CROSS JOIN jsonb_each_text(coalesce(f.statement::jsonb #> ${FACTS}persons}', '{}')) AS person
          WHERE f.org_id = $1 AND f.kind = 'person.erased' AND f.seq < $2 GROUP BY 1`,
        [this.request.orgId, this.request.checkpoint.size],
      )
      .then((rows) => new Map(rows.map(({ subject, seqs }) => [subject, seqs.map(Number)]))));
  }
}
