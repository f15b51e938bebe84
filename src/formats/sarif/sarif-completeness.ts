import type { JsonObject } from '../../kernel/canonical-json.js';
import type { EvidenceState, Reason } from '../model/evidence-state.js';
import { listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';

export interface Completeness {
  readonly state: 'COMPLETE' | 'INCOMPLETE' | 'ERROR';
  readonly reasons: readonly Reason[];
}

const ORDER = ['COMPLETE', 'INCOMPLETE', 'ERROR'] as const satisfies readonly EvidenceState[];

export const worstState = (states: readonly Completeness['state'][]): Completeness['state'] =>
  ORDER[Math.max(0, ...states.map((state) => ORDER.indexOf(state)))] ?? 'ERROR';

/**
 * Whether a run did what it was asked to (SARIF §3.14.23, appendix I). Results that are null or absent: it did
 * not begin. `executionSuccessful: false`: it failed, whatever it found before. A notification of level error:
 * some rules or files were left out. `unreadable`: how many results are not objects.
 */
export function completenessOf(
  run: JsonObject,
  { index, tool, unreadable }: { readonly index: number; readonly tool: string; readonly unreadable: number },
): Completeness {
  const where = { run: index, tool };
  const invocations = objectsIn(run, 'invocations');
  const found: [Completeness['state'], Reason][] = [];
  const results = listIn(run, 'results');
  if (!results) found.push(['ERROR', { code: 'sarif.results-null', params: where }]);
  if (invocations.some((one) => one['executionSuccessful'] === false))
    found.push(['ERROR', { code: 'sarif.execution-failed', params: where }]);

  const errors = invocations.flatMap(errorNotifications);
  if (errors.length > 0) {
    const message = textIn(objectIn(errors[0], 'message'), 'text')
      ?.slice(0, 300)
      .replace(/[\ud800-\udbff]$/, '');
    const params = { ...where, count: errors.length, first: message ?? '' };
    found.push(['INCOMPLETE', { code: 'sarif.tool-notification-error', params }]);
  }
  if (listIn(objectIn(run, 'externalPropertyFileReferences'), 'results') !== undefined)
    found.push(['INCOMPLETE', { code: 'sarif.external-results', params: where }]);
  if (unreadable > 0)
    found.push(['INCOMPLETE', { code: 'sarif.unreadable-results', params: { ...where, count: unreadable } }]);
  return { state: worstState(found.map(([state]) => state)), reasons: found.map(([, reason]) => reason) };
}

/** A notification without a level is a warning (§3.58.6). */
function errorNotifications(invocation: JsonObject): readonly JsonObject[] {
  return ['toolExecutionNotifications', 'toolConfigurationNotifications'].flatMap((key) =>
    objectsIn(invocation, key).filter((one) => textIn(one, 'level')?.toLowerCase() === 'error'),
  );
}
