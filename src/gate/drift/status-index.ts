import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { toRfc3339 } from '../../kernel/clock.js';
import type { StandingDecision } from './standing.js';

/** Named in the document, so that a reader knows what it reads; a change that breaks one is another number. */
export const STATUS_INDEX_MODEL = 'assay.status-index/1';

/** Media type of the document. */
export const STATUS_INDEX_TYPE = 'application/json; charset=utf-8';

/** One member of `items`. No clock in it: what is over by time says its `validUntil`. */
export const statusItem = (standing: StandingDecision): JsonObject => ({
  gateId: standing.gateId,
  artId: standing.artId,
  artefactHash: standing.artefactDigest,
  result: standing.verdict,
  resultWithoutWaivers: standing.verdictWithoutWaivers,
  checklistVersion: `${standing.chkId}@${String(standing.checklistVersion)}`,
  checklistHash: standing.checklistDigest,
  inputsHash: standing.inputsDigest,
  decisionHash: standing.documentDigest,
  decisionId: standing.decisionId,
  seq: standing.seq,
  asOf: toRfc3339(standing.asOf),
  validUntil: standing.validUntil === null ? null : toRfc3339(standing.validUntil),
  stale: standing.staleSeq !== null,
});

/**
 * The document, in pieces: canonical JSON (RFC 8785), items by gate, artefact and digest. A function of the first
 * `ledgerSize` entries alone, so that equal sizes give equal bytes.
 */
export async function* statusIndexDocument(
  ledgerSize: number,
  pages: AsyncIterable<readonly StandingDecision[]>,
): AsyncIterable<string> {
  let separator = '{"items":[';
  for await (const page of pages) {
    const items = page.map((standing) => canonicalJson(statusItem(standing))).join(',');
    if (items === '') continue;
    yield separator + items;
    separator = ',';
  }
  const end = `],"ledgerSize":${String(ledgerSize)},"model":${JSON.stringify(STATUS_INDEX_MODEL)}}\n`;
  yield separator === ',' ? end : separator + end;
}
