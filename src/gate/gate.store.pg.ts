import type { EntityManager } from 'typeorm';
import type { IdempotencyKey } from '../kernel/id.js';
import { GateEntity } from './gate.entity.js';
import { GATE_COLUMNS } from './gate.read.pg.js';
import type { GateStore } from './gate.store.js';
import type { Gate } from './gate.js';

export class PgGateStore implements GateStore {
  constructor(private readonly manager: EntityManager) {}

  async find(orgId: string, gateId: string): Promise<{ gate: Gate; entryKey: IdempotencyKey } | undefined> {
    const [row] = await this.manager.query<(Gate & { entryKey: IdempotencyKey })[]>(
      `SELECT ${GATE_COLUMNS}, entry_key AS "entryKey" FROM assay.gate WHERE org_id = $1 AND gate_id = $2`,
      [orgId, gateId],
    );
    if (!row) return undefined;
    const { entryKey, ...gate } = row;
    return { gate, entryKey };
  }

  async add(gate: Gate, entryKey: IdempotencyKey): Promise<boolean> {
    const values = { ...gate, entryKey };
    const inserted = await this.manager
      .createQueryBuilder()
      .insert()
      .into(GateEntity)
      .values(values)
      .orIgnore()
      .returning('gate_id')
      .execute();
    return (inserted.raw as unknown[]).length === 1;
  }

  async replace(gate: Gate, entryKey: IdempotencyKey): Promise<boolean> {
    const { orgId, gateId, projectId, title, locus, chkId, checklistVersion, ownerRole, maxRunMs, version } =
      gate;
    const updated = await this.manager.update(
      GateEntity,
      { orgId, gateId, version: version - 1 },
      { projectId, title, locus, chkId, checklistVersion, ownerRole, maxRunMs, version, entryKey },
    );
    return updated.affected === 1;
  }
}
