import { setTimeout as pause } from 'node:timers/promises';
import { aside } from '../../api/overload/overload.service.js';
import type { Authoriser } from '../../access/authoriser.service.js';
import { EvidenceGatherer, keptDocuments } from '../../gate/evidence-gatherer.service.js';
import { GateDefinitionService } from '../../gate/gate-definition.service.js';
import { GateDesk } from '../../gate/gate-desk.service.js';
import { GateInputReader } from '../../gate/gate-inputs.service.js';
import { PgGateRead } from '../../gate/gate.read.pg.js';
import { GateService } from '../../gate/gate.service.js';
import { PgGateStore } from '../../gate/gate.store.pg.js';
import { RuleJudge } from '../../gate/rule-judge.service.js';
import { ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { traceGates } from '../tracing/traced-services.js';
import type { EvidenceReads } from './evidence.js';
import type { Foundation } from './foundation.js';
import { gateTransactions } from './gate-transactions.js';

/** Where a verdict is asked: gates, who defines them, and the judging itself. */
export function composeGates(
  { config, database, blobs, clock, tracing }: Platform,
  foundation: Foundation,
  evidence: EvidenceReads & { authoriser: Authoriser },
) {
  const { engine, checklists, principals, waiverRead, withLedger } = foundation;
  const gateRead = ofOrganisations(database.manager, PgGateRead);
  const transactions = gateTransactions(database, foundation);
  const inputs = new GateInputReader(gateRead, checklists, evidence.subjects, waiverRead);
  const gatherer = new EvidenceGatherer(blobs, keptDocuments());
  const gates = new GateService(transactions, gateRead, inputs, new RuleJudge(engine, gatherer), clock, {
    verifierId: `urn:assay:verifier:${config.logOrigin ?? 'embedded'}`,
    pause: (ms) => aside(() => pause(ms)),
  });
  if (tracing) traceGates(tracing, { gates, inputs, evidence: gatherer, transactions });
  return {
    gateRead,
    gateDesk: new GateDesk(gateRead, principals, evidence.authoriser),
    gateDefinitions: new GateDefinitionService(
      withLedger((on) => ({ gates: ofOrganisations(on, PgGateStore) })),
      checklists,
      clock,
    ),
    gates,
  };
}
