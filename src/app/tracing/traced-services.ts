import type { EvidenceService } from '../../evidence/evidence.service.js';
import type { EvidenceGatherer } from '../../gate/evidence-gatherer.service.js';
import type { GateInputReader } from '../../gate/gate-inputs.service.js';
import type { EvaluateGate } from '../../gate/gate-question.service.js';
import type { GateTransactions } from '../../gate/gate-recorder.service.js';
import type { GateService } from '../../gate/gate.service.js';
import type { Actor } from '../../kernel/actor.js';
import type { Result } from '../../kernel/result.js';
import type { GroupTracing } from '../../ledger/batcher.service.js';
import type { IntegratorService } from '../../ledger/integrator.service.js';
import type { PackMaker } from '../../outbound/export/pack-maker.service.js';
import type { ManyEngine } from '../../rego/engine.port.js';
import type { ScanWorker } from '../../scan/scan-worker.service.js';
import type { Attributes } from './attributes.js';
import { traced } from './traced.js';
import type { Span, Tracing } from './tracing.js';

// What of the application shows in traces, and all that is said of it. docs/OPERATING.md lists the same.

const problemOf = (answer: Result<unknown, { readonly kind: string }>): Attributes =>
  answer.ok ? {} : { 'assay.problem': answer.problem.kind };

/** Of access as of gates: every question to a policy goes through here. */
export function traceEngine(tracing: Tracing, engine: ManyEngine): void {
  traced(tracing, engine, 'evaluate', {
    name: 'evaluate policy',
    asked: ({ bundle, questions }) => ({
      'assay.bundle.digest': bundle,
      'assay.rule.count': questions.length,
    }),
    answered: (answers) => ({
      ...problemOf(answers),
      ...(answers.ok && { 'assay.rule.failed_count': answers.value.filter(({ ok }) => !ok).length }),
    }),
  });
  traced(tracing, engine, 'evaluateMany', {
    name: 'evaluate policies',
    asked: (requests) => ({
      'assay.bundle.digest': requests[0]?.bundle,
      'assay.input.count': requests.length,
    }),
  });
}

interface TracedGates {
  readonly gates: GateService;
  readonly inputs: GateInputReader;
  readonly evidence: EvidenceGatherer;
  readonly transactions: GateTransactions;
}

export function traceGates(tracing: Tracing, { gates, inputs, evidence, transactions }: TracedGates): void {
  traced(tracing, gates, 'evaluateGate', {
    name: 'evaluate gate',
    asked: askedOf,
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.verdict': answer.value.decision.verdict,
        'assay.decision.id': answer.value.decision.decisionId,
        'assay.decision.reused': answer.value.reused,
        'assay.artefact.id': answer.value.decision.artId,
        'assay.checklist.id': answer.value.decision.chkId,
        'assay.checklist.version': answer.value.decision.checklistVersion,
      }),
    }),
  });
  traced(tracing, gates, 'attempt', {
    name: 'attempt gate run',
    asked: (orgId, runId) => ({ 'assay.org.id': orgId, 'assay.run.id': runId }),
  });
  traced(tracing, inputs, 'gather', {
    name: 'gather inputs',
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.inputs.digest': answer.value.digest,
        'assay.evidence.count': answer.value.evidence.length,
        'assay.waiver.count': answer.value.waivers.length,
      }),
    }),
  });
  traced(tracing, evidence, 'gather', {
    name: 'read evidence',
    asked: (wanted) => ({ 'assay.evidence.count': wanted.evidence.length }),
    answered: problemOf,
  });
  traceRecording(tracing, transactions);
}

function askedOf({ gateId, digest }: EvaluateGate, { orgId }: Actor): Attributes {
  return { 'assay.org.id': orgId, 'assay.gate.id': gateId, 'assay.artefact.digest': digest };
}

/** From handing over to after the commit: with the wait for others who share it. */
function traceRecording(tracing: Tracing, transactions: GateTransactions): void {
  traced(tracing, transactions, 'begin', {
    name: 'begin run',
    asked: ({ runId }) => ({ 'assay.run.id': runId }),
  });
  traced(tracing, transactions, 'inSet', {
    name: 'record decision',
    asked: ({ decision }) => ({ 'assay.decision.id': decision.decisionId }),
    answered: (answer) => ({ 'assay.recorded': answer.ok ? answer.value : answer.problem.kind }),
  });
  traced(tracing, transactions, 'inGroup', { name: 'record decision alone' });
}

export function traceEvidence(tracing: Tracing, evidence: EvidenceService): void {
  traced(tracing, evidence, 'receive', {
    name: 'receive evidence',
    asked: ({ artId, digest }, { orgId }) => ({
      'assay.org.id': orgId,
      'assay.artefact.id': artId,
      'assay.artefact.digest': digest,
    }),
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.evidence.id': answer.value.evidenceId,
        'assay.evidence.digest': answer.value.storedDigest,
        'assay.evidence.bytes': answer.value.sizeBytes,
      }),
    }),
  });
  traced(tracing, evidence, 'normaliseEntry', {
    name: 'normalise evidence',
    asked: (seq) => ({ 'assay.ledger.seq': seq }),
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.evidence.id': answer.value.evidenceId,
        'assay.evidence.format': answer.value.format,
        'assay.evidence.kinds': answer.value.kinds,
        'assay.evidence.state': answer.value.state,
      }),
    }),
  });
}

export function traceScans(tracing: Tracing, worker: ScanWorker): void {
  traced(tracing, worker, 'runEntry', {
    name: 'run scanner',
    asked: (seq) => ({ 'assay.ledger.seq': seq }),
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.scan.id': answer.value.scanId,
        'assay.scan.scanner': answer.value.scanner,
        'assay.scan.outcome': answer.value.outcome,
        'assay.evidence.id': answer.value.evidenceId,
      }),
    }),
  });
}

export function traceExports(tracing: Tracing, maker: PackMaker): void {
  traced(tracing, maker, 'makeEntry', {
    name: 'make evidence pack',
    asked: (seq) => ({ 'assay.ledger.seq': seq }),
    answered: (answer) => ({
      ...problemOf(answer),
      ...(answer.ok && {
        'assay.export.id': answer.value.exportId,
        'assay.export.digest': answer.value.digest,
        'assay.export.bytes': answer.value.sizeBytes,
      }),
    }),
  });
}

/** A step looks ten times a second; only one that signed something, or refused to, is worth a trace. */
export function traceIntegrator(tracing: Tracing, integrator: IntegratorService): void {
  const runOnce = integrator.runOnce.bind(integrator);
  integrator.runOnce = async () => {
    const began = Date.now();
    const step = await runOnce();
    const told = step.ok
      ? step.value.status === 'signed' && { 'assay.ledger.size': step.value.size }
      : problemOf(step);
    if (told) tracing.past('sign checkpoint', told, began);
    return step;
  };
}

/**
 * A group of the ledger is written for many requests at once: it is a part of the first that is traced, and linked with
 * what the others of them wait in.
 */
export const ledgerGroups = (tracing: Tracing): GroupTracing<Span> => ({
  origin: () => tracing.current,
  write: ({ origins, size, waitedMs }, work) => {
    const [first, ...others] = origins;
    if (!first) return tracing.within(undefined, work); // not a part of whoever happened to come first
    const attributes = {
      'assay.ledger.entries': size,
      'assay.ledger.waited_ms': Math.round(waitedMs),
      'assay.ledger.traced': origins.length,
    };
    const span = tracing.child(first, 'write ledger group', { attributes });
    if (span) for (const other of others) tracing.link(span, other);
    return tracing.during(span, work);
  },
});
