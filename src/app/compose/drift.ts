import type { EntityManager } from 'typeorm';
import type { ChecklistSource } from '../../gate/checklist.port.js';
import { PgDriftRead } from '../../gate/drift/drift.read.pg.js';
import { PgDriftStore } from '../../gate/drift/drift.store.pg.js';
import { Rejudger } from '../../gate/drift/rejudger.service.js';
import { StaleMarker } from '../../gate/drift/stale-marker.service.js';
import { GateInputReader } from '../../gate/gate-inputs.service.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { GateService } from '../../gate/gate.service.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import type { Platform } from '../platform/platform.js';

interface Standing {
  readonly checklists: ChecklistSource;
  readonly subjects: SubjectSource;
  readonly waiverRead: WaiverRead;
  readonly ledgerRead: LedgerRead;
  readonly gateRead: GateRead;
  readonly gates: GateService;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

/** What keeps verdicts current: which decisions went stale, and judging them again. Done by the worker. */
export function composeDrift({ database, clock }: Platform, standing: Standing) {
  const { checklists, subjects, waiverRead, ledgerRead, gateRead, gates, withLedger } = standing;
  const driftRead = new PgDriftRead(database.manager);
  return {
    driftRead,
    staleMarker: new StaleMarker(
      withLedger((on) => ({ drift: new PgDriftStore(on) })),
      {
        inputs: new GateInputReader(gateRead, checklists, subjects, waiverRead),
        decisions: gateRead,
        entries: ledgerRead,
        waivers: waiverRead,
      },
      clock,
    ),
    rejudger: new Rejudger(driftRead, gateRead, ledgerRead, gates),
  };
}
