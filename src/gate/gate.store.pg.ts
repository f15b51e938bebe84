import type { EntityManager } from 'typeorm';
import type { IdempotencyKey } from '../kernel/id.js';
import { GateVersionEntity } from './gate-version.entity.js';
import { GateEntity } from './gate.entity.js';
import type { DefinedGate } from './gate.read.js';
import { GATE_COLUMNS, gateOf, PgGateRead, type GateRow } from './gate.read.pg.js';
import type { GateStore } from './gate.store.js';
import { ownTerms } from './gate-terms.js';
import { definitionOf } from './gate.js';

export class PgGateStore implements GateStore {
  constructor(private readonly manager: EntityManager) {}

  async find(
    orgId: string,
    gateId: string,
  ): Promise<(DefinedGate & { entryKey: IdempotencyKey }) | undefined> {
    const [row] = await this.manager.query<(GateRow & { entryKey: IdempotencyKey; definedAt: Date })[]>(
      `SELECT ${GATE_COLUMNS}, entry_key AS "entryKey",
              (SELECT v.defined_at FROM assay.gate_version v
                WHERE v.org_id = g.org_id AND v.gate_id = g.gate_id AND v.version = g.version) AS "definedAt"
         FROM assay.gate g WHERE org_id = $1 AND gate_id = $2`,
      [orgId, gateId],
    );
    if (!row) return undefined;
    const { entryKey, definedAt, ...gate } = row;
    return { gate: gateOf(gate), entryKey, definedAt: definedAt.getTime() };
  }

  findVersion(orgId: string, gateId: string, version: number): Promise<DefinedGate | undefined> {
    return new PgGateRead(this.manager).gateVersion(orgId, gateId, { version });
  }

  async add(orgId: string, defined: DefinedGate, entryKey: IdempotencyKey): Promise<boolean> {
    const { gate } = defined;
    const inserted = await this.manager
      .createQueryBuilder()
      .insert()
      .into(GateEntity)
      .values({ ...gate, orgId, terms: ownTerms(gate), entryKey })
      .orIgnore()
      .returning('gate_id')
      .execute();
    if ((inserted.raw as unknown[]).length !== 1) return false;
    await this.keep(defined, entryKey);
    return true;
  }

  async replace(orgId: string, defined: DefinedGate, entryKey: IdempotencyKey): Promise<boolean> {
    const { gate } = defined;
    const { gateId, projectId, title, locus, chkId, checklistVersion } = gate;
    const { ownerRole, maxRunMs, version } = gate;
    const updated = await this.manager.update(
      GateEntity,
      { orgId, gateId, version: version - 1 },
      {
        ...{ projectId, title, locus, chkId, checklistVersion, ownerRole, maxRunMs, version },
        ...{ terms: ownTerms(gate), entryKey },
      },
    );
    if (updated.affected !== 1) return false;
    await this.keep(defined, entryKey);
    return true;
  }

  /** Every definition is kept as it was recorded. */
  private async keep({ gate, definedAt }: DefinedGate, entryKey: IdempotencyKey): Promise<void> {
    const { orgId, gateId, version } = gate;
    await this.manager.insert(GateVersionEntity, {
      ...{ orgId, gateId, version, entryKey },
      definition: definitionOf(gate),
      definedAt: new Date(definedAt),
    });
  }
}
