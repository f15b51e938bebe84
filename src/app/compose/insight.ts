import type { EntityManager } from 'typeorm';
import type { PrincipalRead } from '../../access/principal.read.js';
import { InsightDesk } from '../../insight/insight-desk.service.js';
import { PgInsightRead } from '../../insight/insight.read.pg.js';
import { InsightService } from '../../insight/insight.service.js';
import { PgInsightStore } from '../../insight/insight.store.pg.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { ofAll, ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';

interface Standing {
  readonly principals: Pick<PrincipalRead, 'projectBySlug'>;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores>;
}

/** Key figures: computed from the ledger, and from nothing else. */
export function composeInsight({ database, clock }: Platform, { principals, withLedger }: Standing) {
  const insight = new InsightService(
    withLedger((on) => ({ insight: new PgInsightStore(ofAll(on)) })),
    ofOrganisations(database.manager, PgInsightRead, 'organisations'),
    clock,
  );
  return { insight, insightDesk: new InsightDesk(insight, principals) };
}
