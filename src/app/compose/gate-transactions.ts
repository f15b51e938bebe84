import type { DataSource, EntityManager } from 'typeorm';
import { narrowed, narrowing, type Narrowing } from '../../access/narrowing.service.js';
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
  const beginning = new Gatherings<Begun, 'begun' | GateRun>(
    ({ run, within }) => [run.orgId, ...(within ? ['', ...within] : [])].join(' '),
    async (starts) => {
      const [{ run, within } = {}] = starts;
      if (!run) return [];
      const alike = starts.map((each) => each.run);
      return narrowed(within, () => runs.beginAll(run.orgId, alike));
    },
  );
  const together = appender.inGroup(decisionStores);
  const inSet = appender.inSet<DecisionOrder>((orders, { base, ledger }) =>
    writeDecisions(orders, ledger, (orgId, within) => {
      const on = narrowed(within, () => ofOne(base, orgId));
      return {
        set: new PgDecisionSetStore(on),
        waivers: new PgWaiverStore(on),
        checklists: new PgChecklistStore(on),
      };
    }),
  );
  // What is written together is written by whoever came first or last: each takes along to what they are narrowed.
  return {
    alone: withLedger(decisionStores),
    inGroup: (work, order) => {
      const within = narrowing();
      return together((stores) => narrowed(within, () => work(stores)), order);
    },
    inSet: (order) => {
      const within = narrowing();
      return inSet(within ? { ...order, within } : order);
    },
    begin: (run) => beginning.ask({ run, within: narrowing() }),
  };
}

interface Begun {
  readonly run: RunStart;
  readonly within: Narrowing;
}
