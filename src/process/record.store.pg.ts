import type { EntityManager } from 'typeorm';
import type { IdempotencyKey } from '../kernel/id.js';
import { OneByOne, type LookUps, type ParameterType } from '../kernel/look-ups.js';
import { columnOf, type ColumnType, type OrgOwned, type RecordTable } from './record-table.js';
import type { Order, RecordStore } from './record.store.js';

/** Rows `record` of table `r`, each whole, as JSON. Append WHERE and what follows. */
export const selectRecords = <T extends OrgOwned>({ table, columns }: RecordTable<T>): string =>
  `SELECT jsonb_build_object(${Object.entries<ColumnType>(columns)
    .map(([field, type]) => `'${field}', ${read(columnOf(field), type)}`)
    .join(', ')}) AS record FROM assay.${table} r`;

const read = (column: string, type: ColumnType): string =>
  type === 'instant' ? `floor(extract(epoch FROM r.${column}) * 1000)::bigint` : `r.${column}`;

const CASTS: Readonly<Record<ColumnType, ParameterType>> = {
  text: 'text',
  uuid: 'uuid',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'timestamptz',
  json: 'jsonb',
};

function written(value: unknown, type: ColumnType): unknown {
  if (value === null) return null;
  if (type === 'instant') return new Date(value as number);
  return type === 'json' ? JSON.stringify(value) : value;
}

export class PgRecordStore implements RecordStore {
  constructor(
    private readonly manager: EntityManager,
    protected readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async lock(orgId: string, what: string): Promise<void> {
    await this.manager.query(
      `SELECT pg_advisory_xact_lock(hashtextextended('process ' || $1 || ' ' || $2, 0))`,
      [orgId, what],
    );
  }

  async under<T extends OrgOwned>(
    table: RecordTable<T>,
    orgId: string,
    key: IdempotencyKey,
  ): Promise<T | undefined> {
    const [row] = await this.manager.query<{ record: T }[]>(
      `${selectRecords(table)} WHERE r.org_id = $1 AND r.entry_key = $2`,
      [orgId, key],
    );
    return row?.record;
  }

  async add<T extends OrgOwned>(
    { table, columns }: RecordTable<T>,
    record: T,
    key: IdempotencyKey,
  ): Promise<void> {
    const fields = Object.entries<ColumnType>(columns);
    const values = fields.map(([field, type]) => written(record[field as keyof T], type));
    await this.manager.query(
      `INSERT INTO assay.${table} (${fields.map(([field]) => columnOf(field)).join(', ')}, entry_key)
       VALUES (${fields.map(([, type], at) => `$${String(at + 1)}::${CASTS[type]}`).join(', ')}, $${String(fields.length + 1)})`,
      [...values, key],
    );
  }

  async find<T extends OrgOwned>(
    table: RecordTable<T>,
    match: Partial<T> & OrgOwned,
    order?: Order<T>,
  ): Promise<readonly T[]> {
    const { where, types, parameters } = condition(table, match);
    const sorted = order && ` ORDER BY r.${columnOf(order.by)} ${order.descending === true ? 'DESC' : 'ASC'}`;
    const limit = order?.limit === undefined ? '' : ` LIMIT ${String(order.limit)}`;
    const sql = `${selectRecords(table)} WHERE ${where}${sorted ?? ''}${limit}`;
    const rows = await this.lookUps.rows<{ record: T }>({ sql, types, parameters });
    return rows.map(({ record }) => record);
  }

  async entryKeyOf<T extends OrgOwned>(
    table: RecordTable<T>,
    match: Partial<T> & OrgOwned,
  ): Promise<IdempotencyKey | undefined> {
    const { where, types, parameters } = condition(table, match);
    const sql = `SELECT r.entry_key AS key FROM assay.${table.table} r WHERE ${where} LIMIT 1`;
    const [row] = await this.lookUps.rows<{ key: IdempotencyKey }>({ sql, types, parameters });
    return row?.key;
  }
}

function condition<T extends OrgOwned>(
  { columns }: RecordTable<T>,
  { orgId, ...match }: Partial<T> & OrgOwned,
): { where: string; types: ParameterType[]; parameters: unknown[] } {
  const types: ParameterType[] = [];
  const parameters: unknown[] = [orgId];
  const where = Object.entries(match).map(([field, value]) => {
    const column = `r.${columnOf(field)}`;
    const type = columns[field as keyof T & string];
    if (value === null) return `${column} IS NULL`;
    types.push(CASTS[type]);
    parameters.push(written(value, type));
    return `${column} = $${String(parameters.length)}::${CASTS[type]}`;
  });
  return { where: ['r.org_id = $1::uuid', ...where].join(' AND '), types, parameters };
}
