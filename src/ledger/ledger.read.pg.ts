import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
import { digestFrom } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import { numberAfter, pageOf, pageSize, type InvalidCursor, type Page } from '../kernel/page.js';
import { ok, type Result } from '../kernel/result.js';
import type { StoredCheckpoint } from './integrator.store.js';
import type { EntryFilter, EntryQuery, LedgerEntry, LedgerRead, PersonalDisclosure } from './ledger.read.js';
import { dataKeyContext, openRecord, recordContext, unseal } from './personal.js';
import type { Pseudonym } from './pseudonym.js';
import { readStatement } from './recorded-entry.js';

interface EntryRow {
  readonly seq: string;
  readonly at: Date;
  readonly leaf: string;
  readonly leaf_hash: Buffer;
  readonly statement: string;
}

const ENTRY = `SELECT f.seq, e.at, e.leaf, e.leaf_hash, f.statement
  FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq`;

/** Null in `$n` means: not asked for. */
const MATCHES = `f.org_id = $1
  AND ($2::text IS NULL OR f.kind = $2)
  AND ($3::text IS NULL OR f.gate_id = $3)
  AND ($4::text IS NULL OR f.artefact_digest = $4)
  AND ($5::text IS NULL OR f.decision_id = $5)
  AND ($6::text IS NULL OR f.waiver_ids @> jsonb_build_array($6::text))
  AND ($7::text IS NULL OR f.case_id = $7)`;

const matching = (orgId: string, filter: EntryFilter = {}): (string | null)[] => [
  orgId,
  filter.kind ?? null,
  filter.gateId ?? null,
  filter.artefactDigest ?? null,
  filter.decisionId ?? null,
  filter.waiverId ?? null,
  filter.caseId ?? null,
];

export class PgLedgerRead implements LedgerRead {
  /** `keyEncryption` opens personal fields: `LedgerKeys.keyEncryption`. */
  constructor(
    private readonly manager: EntityManager,
    private readonly keyEncryption: Buffer,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async entries(orgId: string, query: EntryQuery): Promise<Result<Page<LedgerEntry>, InvalidCursor>> {
    const after = numberAfter(query);
    if (!after.ok) return after;
    const { newestFirst } = query;
    const first = pageSize(query);
    const matches = matching(orgId, query.filter);
    const [comparison, direction] = newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
    const rows = await this.manager.query<EntryRow[]>(
      `${ENTRY} WHERE ${MATCHES} AND ($8::bigint IS NULL OR f.seq ${comparison} $8) ORDER BY f.seq ${direction} LIMIT $9`,
      [...matches, after.value ?? null, first + 1],
    );
    const totalCount = await countMatching(this.manager, `ledger.fact f WHERE ${MATCHES}`, matches);
    return ok(pageOf(rows.map(entryOf), { first, totalCount }, ({ seq }) => seq.toString()));
  }

  async entry(orgId: string, seq: number): Promise<LedgerEntry | undefined> {
    const [row] = await this.lookUps.rows<EntryRow>({
      sql: `${ENTRY} WHERE f.org_id = $1 AND f.seq = $2`,
      types: ['bigint'],
      parameters: [orgId, seq],
    });
    return row && entryOf(row);
  }

  async entryByKey(orgId: string, key: IdempotencyKey): Promise<LedgerEntry | undefined> {
    const [row] = await this.lookUps.rows<EntryRow>({
      sql: `${ENTRY} JOIN ledger.idem i ON i.seq = f.seq WHERE f.org_id = $1 AND i.idem_key = $2`,
      types: ['bytea'],
      parameters: [orgId, key],
    });
    return row && entryOf(row);
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.manager.query<{ size: string; root: Buffer; note: string }[]>(
      'SELECT size, root, note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1',
    );
    return row && { size: Number(row.size), root: row.root, note: row.note };
  }

  async personalFields(orgId: string, key: IdempotencyKey): Promise<readonly PersonalDisclosure[]> {
    const rows = await this.lookUps.rows<BodyRow>({
      sql: `SELECT b.subject, b.ciphertext, b.key_id, k.wrapped_key
       FROM ledger.body b JOIN ledger.idem i ON i.seq = b.seq LEFT JOIN ledger.subject_key k ON k.key_id = b.key_id
       WHERE b.org_id = $1 AND i.idem_key = $2 ORDER BY b.subject`,
      types: ['bytea'],
      parameters: [orgId, key],
    });
    return rows.map((row) => this.#disclose(row, key));
  }

  #disclose({ subject, ciphertext, key_id, wrapped_key }: BodyRow, key: IdempotencyKey): PersonalDisclosure {
    if (!ciphertext || !wrapped_key) return { status: 'erased', subject };
    const dataKey = unseal(this.keyEncryption, wrapped_key, dataKeyContext(subject, key_id));
    const opened = dataKey && openRecord(dataKey, ciphertext, recordContext(subject, key));
    if (!opened) throw new Error(`personal fields of ${subject} do not open: changed, or another key`);
    return { status: 'present', subject, ...opened.record };
  }
}

interface BodyRow {
  readonly subject: Pseudonym;
  readonly ciphertext: Buffer | null;
  readonly key_id: string;
  readonly wrapped_key: Buffer | null;
}

function entryOf({ seq, at, leaf, leaf_hash, statement }: EntryRow): LedgerEntry {
  const recorded = readStatement(statement);
  if (!recorded.ok) throw new Error(`entry ${seq}: ${recorded.problem.detail}; run the verifier`);
  return {
    seq: Number(seq),
    at: at.getTime(),
    leaf,
    leafHash: digestFrom(`sha256:${leaf_hash.toString('hex')}`),
    statement,
    recorded: recorded.value,
  };
}
