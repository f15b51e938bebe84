import type { DataSource, EntityManager } from 'typeorm';
import { writeDecisions, type DecisionOrder } from '../../gate/decision-set.service.js';
import { PgDecisionSetStore } from '../../gate/decision-set.store.pg.js';
import { PgDecisionStore } from '../../gate/decision.store.pg.js';
import type { GateTransactions } from '../../gate/gate.service.js';
import { PgGateRunStore } from '../../gate/run/run.store.pg.js';
import type { RunStart } from '../../gate/run/run.store.js';
import { Gathering } from '../../kernel/gathering.js';
import { PgChecklistStore } from '../../policy/checklist/checklist.store.pg.js';
import { PgWaiverStore } from '../../waiver/waiver.store.pg.js';
import type { composeAppends } from './appends.js';

const decisionStores = (on: EntityManager) => ({
  decisions: new PgDecisionStore(on),
  runs: new PgGateRunStore(on),
  waivers: new PgWaiverStore(on),
  checklists: new PgChecklistStore(on),
});

/** The ways in which a gate writes: by itself, and together with whatever else is decided at the moment. */
export function gateTransactions(
  database: DataSource,
  { withLedger, appender }: ReturnType<typeof composeAppends>,
): GateTransactions {
  const runs = new PgGateRunStore(database.manager);
  const beginning = new Gathering((starts: readonly RunStart[]) => runs.beginAll(starts));
  return {
    alone: withLedger(decisionStores),
    inGroup: appender.inGroup(decisionStores),
    inSet: appender.inSet<DecisionOrder>((orders, { base, ledger }) =>
      writeDecisions(orders, {
        set: new PgDecisionSetStore(base),
        waivers: new PgWaiverStore(base),
        checklists: new PgChecklistStore(base),
        ledger,
      }),
    ),
    begin: (run) => beginning.ask(run),
  };
}
