import type { Actor, ProcessContext } from '../../kernel/actor.js';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import type { Instant } from '../../kernel/clock.js';
import { parseCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft, EntryFacts } from '../../ledger/entry.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import { parseNote } from '../../ledger/signed-note.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import { noteDigest, type ExportPack, type ExportQuery, type ExportRequest } from './export.js';

/** What the request's entry says of it, and what the request's row is held against before a pack is made. */
export const requestDetails = (request: ExportRequest, { origin, size, root }: Checkpoint): JsonObject => ({
  exportId: request.exportId,
  query: { ...request.query },
  checkpoint: {
    origin,
    size,
    root: root.toString('base64'),
    note: noteDigest(request.checkpoint.note),
  },
  ...(request.previousCheckpoint !== null && { previousCheckpoint: noteDigest(request.previousCheckpoint) }),
  settings: request.settings as unknown as JsonObject,
});

/** The row is held against the entry: what a superuser changed in it must not be signed as what was asked for. */
export function isAsRecorded(request: ExportRequest, recorded: RecordedEntry): boolean {
  const note = parseNote(request.checkpoint.note);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!checkpoint.ok || checkpoint.value.size !== request.checkpoint.size) return false;
  const asRow = canonicalJson(requestDetails(request, checkpoint.value));
  return canonicalJson(recorded.facts.details) === asRow;
}

/** The request is found under the gate and the artefact version it asks for: a read by an export is custody too. */
export function exportRequested(
  request: ExportRequest,
  covered: Checkpoint,
  { actor, context }: { readonly actor: Actor; readonly context: ProcessContext },
): EntryDraft {
  const { orgId, query, checkpoint, settings, requestedAt, entryKey } = request;
  return {
    orgId,
    kind: 'export.requested',
    actor: { principalId: actor.principalId },
    subjects: [
      { name: 'checkpoint', digest: noteDigest(checkpoint.note) },
      { name: 'export-key', digest: settings.exportKey },
    ],
    facts: {
      tsStart: requestedAt,
      tsEnd: requestedAt,
      ...actedBy(actor, context),
      ...selected(query),
      stateAfter: 'REQUESTED',
      details: requestDetails(request, covered),
    },
    key: entryKey,
  };
}

/** Case and activity are those of the request. */
export function exportMade(
  { query }: ExportRequest,
  pack: ExportPack,
  { requestSeq, startedAt, requested }: Making,
): EntryDraft {
  const { orgId, exportId, digest, sizeBytes, counts, madeAt, entryKey } = pack;
  return {
    orgId,
    kind: 'export.made',
    actor: 'system',
    subjects: [{ name: 'evidence-pack', digest }],
    facts: {
      tsStart: startedAt,
      tsEnd: madeAt,
      ...(requested?.caseId !== undefined && { caseId: requested.caseId }),
      ...(requested?.actId !== undefined && { actId: requested.actId }),
      ...selected(query),
      stateBefore: 'REQUESTED',
      stateAfter: 'DONE',
      details: { exportId, requestSeq, packDigest: digest, sizeBytes, counts: { ...counts } },
    },
    key: entryKey,
  };
}

interface Making {
  readonly requestSeq: number;
  readonly startedAt: Instant;
  /** What the request's entry says. */
  readonly requested: Pick<EntryFacts, 'caseId' | 'actId'> | undefined;
}

/** Each hand-over is an entry of its own: who took the pack, and when. */
export function exportHandedOver(
  { query }: Pick<ExportRequest, 'query'>,
  { exportId, orgId, digest }: ExportPack,
  { actor, at, key }: { readonly actor: Actor; readonly at: Instant; readonly key: IdempotencyKey },
): EntryDraft {
  return {
    orgId,
    kind: 'export.handed-over',
    actor: { principalId: actor.principalId },
    subjects: [{ name: 'evidence-pack', digest }],
    facts: {
      ...{ tsStart: at, tsEnd: at },
      ...actedBy(actor),
      ...selected(query),
      details: { exportId, packDigest: digest },
    },
    key,
  };
}

/** Every entry about an export is found under what was asked for: handing over is custody too. */
const selected = ({
  projectId,
  gateId,
  artefactDigest,
}: ExportQuery): Pick<EntryFacts, 'projectId' | 'gateId' | 'artefactDigest'> => ({
  ...(projectId !== undefined && { projectId }),
  ...(gateId !== undefined && { gateId }),
  ...(artefactDigest !== undefined && { artefactDigest }),
});
