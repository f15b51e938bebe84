import type { DataSource, EntityManager } from 'typeorm';
import type { PrincipalRead } from '../../access/principal.read.js';
import type { ChecklistSource } from '../../gate/checklist.port.js';
import { PgDriftRead } from '../../gate/drift/drift.read.pg.js';
import { PgDriftStore } from '../../gate/drift/drift.store.pg.js';
import { Rejudger } from '../../gate/drift/rejudger.service.js';
import { DriftDesk } from '../../gate/drift/drift-desk.service.js';
import { StatusIndexService, type AtOneMoment } from '../../gate/drift/status-index.service.js';
import { EvidenceGatherer } from '../../gate/evidence-gatherer.service.js';
import { OverlaidEvidence } from '../../gate/drift/overlaid-evidence.service.js';
import { WhatIfService } from '../../gate/drift/what-if.service.js';
import { RuleJudge } from '../../gate/rule-judge.service.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import type { Engine } from '../../rego/engine.port.js';
import { StaleMarker } from '../../gate/drift/stale-marker.service.js';
import { GateInputReader } from '../../gate/gate-inputs.service.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { GateService } from '../../gate/gate.service.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { WaiverPreviewService } from '../../gate/preview/waiver-preview.service.js';
import type { WaiverPermits } from '../../waiver/waiver-permits.service.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import { ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';

interface Standing {
  readonly checklists: ChecklistSource;
  readonly subjects: SubjectSource;
  readonly waiverRead: WaiverRead;
  readonly waiverPermits: WaiverPermits;
  readonly ledgerRead: LedgerRead;
  readonly gateRead: GateRead;
  readonly gates: GateService;
  readonly engine: Engine;
  readonly policyRead: PolicyRead;
  readonly principals: Pick<PrincipalRead, 'projectBySlug'>;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

/** What keeps verdicts current: which decisions went stale, and judging them again. Done by the worker. */
export function composeDrift({ database, blobs, clock }: Platform, standing: Standing) {
  const {
    checklists,
    subjects,
    waiverRead,
    ledgerRead,
    gateRead,
    gates,
    principals,
    engine,
    policyRead,
    withLedger,
  } = standing;
  const inputs = new GateInputReader(gateRead, checklists, subjects, waiverRead);
  const driftRead = driftReadOn(database.manager);
  return {
    driftRead,
    staleMarker: new StaleMarker(
      withLedger((on) => ({ drift: ofOrganisations(on, PgDriftStore, 'readOn', 'openChecks', 'lapsed') })),
      {
        inputs,
        decisions: gateRead,
        entries: ledgerRead,
        waivers: waiverRead,
      },
      clock,
    ),
    statusIndex: new StatusIndexService(
      withLedger((on) => ({ drift: ofOrganisations(on, PgDriftStore, 'readOn', 'openChecks', 'lapsed') })),
      atOneMoment(database),
    ),
    driftDesk: new DriftDesk(
      driftRead,
      gateRead,
      { checklists, entries: ledgerRead, projects: principals },
      clock,
    ),
    whatIf: new WhatIfService(
      { standing: driftRead, inputs, checklists, policies: policyRead, waivers: waiverRead },
      {
        plain: new RuleJudge(engine, new EvidenceGatherer(blobs)),
        knowing: (advisory) => new RuleJudge(engine, new OverlaidEvidence(blobs, advisory)),
      },
      clock,
    ),
    waiverPreviews: new WaiverPreviewService(
      {
        ...{ standing: driftRead, inputs, waivers: waiverRead },
        judge: new RuleJudge(engine, new EvidenceGatherer(blobs)),
      },
      standing.waiverPermits,
      clock,
    ),
    rejudger: new Rejudger(driftRead, gateRead, ledgerRead, gates),
  };
}

const driftReadOn = (on: EntityManager) => ofOrganisations(on, PgDriftRead, 'waiting', 'ledgerSize');

/** One snapshot for all that is read, however long the reader takes. */
const atOneMoment = (database: DataSource): AtOneMoment =>
  async function* (work) {
    const runner = database.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('SET TRANSACTION READ ONLY');
      yield* work(driftReadOn(runner.manager));
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  };
