import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/list.js';
import { bootstrapDatabase } from '../../src/app/database/bootstrap.js';
import { connectAs } from '../../src/app/database/connect.js';
import { ENTITIES } from '../../src/app/database/entities.js';
import { migrate } from '../../src/app/database/migrate.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { transactions } from '../../src/app/database/transaction.js';
import { PgGateRead } from '../../src/gate/gate.read.pg.js';
import { canonicalJson } from '../../src/kernel/canonical-json.js';
import { sha256 } from '../../src/kernel/digest.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { ActivationService } from '../../src/policy/checklist/activation.service.js';
import { checklistDigest } from '../../src/policy/checklist/checklist.js';
import { PgChecklistRead } from '../../src/policy/checklist/checklist.read.pg.js';
import { PgChecklistStore } from '../../src/policy/checklist/checklist.store.pg.js';
import { createEmptyDatabase } from '../support/database.js';
import { someLedgerKeys } from '../support/ledger.js';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';

const ORG = randomUUID();
const NOW = Date.parse('2026-11-21T09:00:00Z');
const LAST_BEFORE = 'CreateGate1795200006000';

const aChecklist = (version: number) => {
  const title = { en: 'A', nl: 'A' };
  const pin = { policyId: 'p1', version: '1.0.0', digest: sha256('p1'), parameters: {} };
  return { chkId: 'CHK_A', version, title, policies: [pin], freshness: { sast: version } };
};

describe('an installation that knew no activations', () => {
  let database: { url: string; drop(): Promise<void> };
  let service: DataSource;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    await bootstrapDatabase(database.url);
    const known = MIGRATIONS.findIndex(({ name }) => name === LAST_BEFORE) + 1;
    const before = await connectAs(database.url, DATABASE_ROLES.owner, {
      migrations: MIGRATIONS.slice(0, known),
      poolSize: 2,
    });
    await before.runMigrations({ transaction: 'each' });
    await before.query(
      `INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
       VALUES ($1, 'old', 'Old', 'UTC', 'en', now(), '')`,
      [ORG],
    );
    for (const version of [1, 2]) {
      const document = aChecklist(version);
      await before.query(
        `INSERT INTO assay.checklist_version (org_id, chk_id, version, digest, document, published_at, entry_key)
         VALUES ($1, 'CHK_A', $2, $3, $4, now(), $5)`,
        [ORG, version, checklistDigest(document), canonicalJson(document), randomBytes(16)],
      );
    }
    await before.query(
      `INSERT INTO assay.gate (org_id, gate_id, project_id, title, locus, chk_id, checklist_version, owner_role,
                               max_run_ms, fallback, version, entry_key)
       VALUES ($1, 'GATE_A', $2, 'A', 'PR', 'CHK_A', 1, 'QA', 1000, 'closed', 1, '')`,
      [ORG, randomUUID()],
    );
    await before.destroy();
    const { applied } = await migrate(database.url);
    expect(applied).toContain('CreateActivations1795300002000');
    service = await connectAs(database.url, DATABASE_ROLES.service, { entities: ENTITIES });
  }, 60_000);
  afterAll(async () => {
    await service.destroy();
    await database.drop();
  });

  it('goes on with the latest version of every checklist, and made up no activation', async () => {
    const read = ofOrganisations(service.manager, PgChecklistRead);
    expect(await read.standing(ORG, 'CHK_A')).toEqual({ activation: 0, version: 2, byPerson: false });
    expect(await read.standing(ORG, 'CHK_B')).toEqual({ activation: 0, version: null, byPerson: false });
    const active = await read.versions(ORG, { active: true }, { first: 9 });
    expect(active).toMatchObject({ ok: true, value: { items: [{ document: { version: 2 } }] } });
    expect(await service.query('SELECT count(*) FROM ledger.entry')).toEqual([{ count: '0' }]);
  });

  it('keeps its gates as they were pinned', async () => {
    expect(await ofOrganisations(service.manager, PgGateRead).gate(ORG, 'GATE_A')).toMatchObject({
      checklistVersion: 1,
    });
  });

  it('does not put in force what is published from now on, until somebody does', async () => {
    const read = ofOrganisations(service.manager, PgChecklistRead);
    const document = aChecklist(3);
    await service.transaction((on) =>
      ofOrganisations(on, PgChecklistStore).publish(
        ORG,
        { digest: checklistDigest(document), document, publishedAt: NOW },
        { at: NOW, by: null, entryKey: randomBytes(16) },
      ),
    );
    expect((await read.standing(ORG, 'CHK_A')).version).toBe(2);
    const stores = transactions(service, (on) => ({
      checklists: ofOrganisations(on, PgChecklistStore),
      ledger: new PgLedger(on, someLedgerKeys()),
    }));
    const activations = new ActivationService(
      stores,
      { checklist: () => Promise.resolve(undefined) },
      { mayActivateUnder: () => Promise.resolve(false) },
      { now: () => NOW },
    );
    const command = {
      orgId: ORG,
      chkId: 'CHK_A',
      version: 3,
      expectedActivation: 0,
      reason: '',
      context: {},
    };
    expect(await activations.activate({ ...command, idempotencyKey: 'a' }, 'system')).toMatchObject({
      ok: true,
      value: { activation: { number: 1, previousVersion: 2 } },
    });
    expect((await read.standing(ORG, 'CHK_A')).version).toBe(3);
  });
});
