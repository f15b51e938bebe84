import type { DataSource, EntityManager } from 'typeorm';
import { writeDecisions, type DecisionOrder } from '../../gate/decision-set.service.js';
import { PgDecisionSetStore } from '../../gate/decision-set.store.pg.js';
import { PgDecisionStore } from '../../gate/decision.store.pg.js';
import type { GateTransactions } from '../../gate/gate-recorder.service.js';
import { PgGateRunStore } from '../../gate/run/run.store.pg.js';
import type { GateRun } from '../../gate/run/run.js';
import type { RunStart } from '../../gate/run/run.store.js';
import { Gatherings } from '../../kernel/gathering.js';
import { PgChecklistStore } from '../../policy/checklist/checklist.store.pg.js';
import { PgWaiverStore } from '../../waiver/waiver.store.pg.js';
import { ofOne, ofOrganisations } from '../database/on-behalf-of.js';
import type { composeAppends } from './appends.js';

const decisionStores = (on: EntityManager) => ({
  decisions: ofOrganisations(on, PgDecisionStore),
  runs: ofOrganisations(on, PgGateRunStore),
  waivers: ofOrganisations(on, PgWaiverStore),
  checklists: ofOrganisations(on, PgChecklistStore),
});

/** The ways in which a gate writes: by itself, and together with whatever else is decided at the moment. */
export function gateTransactions(
  database: DataSource,
  { withLedger, appender }: ReturnType<typeof composeAppends>,
): GateTransactions {
  const runs = ofOrganisations(database.manager, PgGateRunStore);
  const beginning = new Gatherings<RunStart, 'begun' | GateRun>(
    ({ orgId }) => orgId,
    (starts, orgId) => runs.beginAll(orgId, starts),
  );
  return {
    alone: withLedger(decisionStores),
    inGroup: appender.inGroup(decisionStores),
    inSet: appender.inSet<DecisionOrder>((orders, { base, ledger }) =>
      writeDecisions(orders, ledger, (orgId) => {
        const on = ofOne(base, orgId);
        return {
          set: new PgDecisionSetStore(on),
          waivers: new PgWaiverStore(on),
          checklists: new PgChecklistStore(on),
        };
      }),
    ),
    begin: (run) => beginning.ask(run),
  };
}
