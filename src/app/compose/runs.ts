import type { EntityManager } from 'typeorm';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { ChecklistSource } from '../../gate/checklist.port.js';
import { GateInputReader } from '../../gate/gate-inputs.service.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { FixTasks } from '../../gate/run/fix-task.port.js';
import { GateRunDesk } from '../../gate/run/run-desk.service.js';
import { GateRunWatch } from '../../gate/run/run-watch.service.js';
import { PgGateRunRead } from '../../gate/run/run.read.pg.js';
import { GateRunService } from '../../gate/run/run.service.js';
import { PgGateRunStore } from '../../gate/run/run.store.pg.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import { ok } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { openFixTask } from '../../process/fix-task.service.js';
import { PgRecordStore } from '../../process/record.store.pg.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import { PgWaiverStore } from '../../waiver/waiver.store.pg.js';
import type { Platform } from '../platform/platform.js';
import { AssignedProcessRoles } from './approvers.js';
import { RegoRunPolicy } from './run-policy.js';

interface Sources {
  readonly authoriser: Authoriser;
  readonly checklists: ChecklistSource;
  readonly subjects: SubjectSource;
  readonly waiverRead: WaiverRead;
  readonly gateRead: GateRead;
  /** For lists: look-ups that go together. */
  readonly shownGates: GateRead;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

/** Runs of gates: dealt with by people through the API, looked after by the worker. */
export function composeRuns({ database, clock }: Platform, sources: Sources) {
  const { authoriser, checklists, subjects, waiverRead, gateRead, shownGates, withLedger } = sources;
  const { manager } = database;
  const runRead = new PgGateRunRead(manager);
  const policy = new RegoRunPolicy(authoriser, new AssignedProcessRoles(manager));
  const tx = withLedger((on) => ({
    ...{ runs: new PgGateRunStore(on), waivers: new PgWaiverStore(on), records: new PgRecordStore(on) },
  }));
  const inputs = new GateInputReader(gateRead, checklists, subjects, waiverRead);
  const gateRuns = new GateRunService(
    (work) => tx((stores) => work({ ...stores, fixTasks: fixTasksOn(stores) })),
    { runs: runRead, gates: gateRead, inputs },
    policy,
    clock,
  );
  return {
    runRead,
    gateRuns,
    gateRunDesk: new GateRunDesk(runRead, shownGates, gateRuns, policy, clock),
    gateRunWatch: new GateRunWatch(tx, runRead, gateRead, clock),
  };
}

/** The process module's fix tasks, on the transaction of who opens one. */
const fixTasksOn = (stores: Parameters<typeof openFixTask>[0]): FixTasks => ({
  open: async (order, by, at) => {
    const opened = await openFixTask(stores, order, by, at);
    return opened.ok ? ok({ fixTaskId: opened.value.task.fixId }) : opened;
  },
});
