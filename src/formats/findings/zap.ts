import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceState, Reason } from '../model/evidence-state.js';
import type { Finding, Severity } from '../model/finding.js';
import { filledTextIn, has, isObject, listIn, objectsIn, textIn } from '../read/json-view.js';

export const isZap = (value: JsonObject): boolean =>
  listIn(value, 'site') !== undefined && (has(value, '@version') || has(value, '@programName'));

const RISKS: ReadonlyMap<string, Severity> = new Map([
  ['3', 'high'],
  ['2', 'medium'],
  ['1', 'low'],
  ['0', 'none'],
]);
/** Of its confidences the one that says "false positive". */
const FALSE_POSITIVE = '0';

/** Reads ZAP's traditional JSON report, plain and with requests: one finding per instance of an alert. */
export function normaliseZap(root: JsonValue): EvidenceDocument {
  const report = isObject(root) ? root : undefined;
  const listedSites = listIn(report, 'site');
  if (!report || !listedSites) return unreadable('zap', ['dast'], { code: 'zap.no-sites', params: {} });
  const sites = objectsIn(report, 'site').filter((site) => listIn(site, 'alerts'));
  const entries = sites.flatMap((site) => listIn(site, 'alerts') ?? []);
  const alerts = entries.filter((alert) => isObject(alert));
  const occurrences = new OccurrenceCounter();
  const findings = alerts.flatMap((alert) => findingsOf(alert, occurrences));
  const faults: (readonly [EvidenceState, Reason])[] =
    listedSites.length === 0 ? [['NOT_MEASURED', { code: 'zap.nothing-scanned', params: {} }]] : [];
  const unreadableEntries = entries.length - alerts.length + listedSites.length - sites.length;
  return findingsDocument({
    format: 'zap',
    kinds: ['dast'],
    tool: { name: 'ZAP', version: filledTextIn(report, '@version') },
    findings,
    listed: findings.length + unreadableEntries,
    faults,
    hasUrls: true,
    dropped: [
      {
        what: 'instances',
        count: alerts.reduce((sum, one) => sum + unlisted(one), 0),
        why: 'counted-but-not-listed',
      },
    ],
  });
}

/** ZAP lists at most so many instances of one alert, and says how many there were. */
function unlisted(alert: JsonObject): number {
  const count = Number(textIn(alert, 'count') ?? 0);
  const listed = Math.max(1, objectsIn(alert, 'instances').length);
  return Number.isSafeInteger(count) ? Math.max(0, count - listed) : 0;
}

function findingsOf(alert: JsonObject, occurrences: OccurrenceCounter): readonly Finding[] {
  const instances = objectsIn(alert, 'instances');
  const places: readonly (JsonObject | undefined)[] = instances.length > 0 ? instances : [undefined];
  const name = filledTextIn(alert, 'name') ?? textIn(alert, 'alert') ?? '';
  return places.map((instance) => {
    const method = textIn(instance, 'method') ?? '';
    const url = withoutQuery(textIn(instance, 'uri') ?? '');
    return composeFinding(
      {
        kind: 'dast',
        tool: 'ZAP',
        rule: filledTextIn(alert, 'alertRef') ?? filledTextIn(alert, 'pluginid') ?? 'unnamed',
        severity: RISKS.get(textIn(alert, 'riskcode') ?? '') ?? 'unknown',
        message: url === '' ? name : `${name}: ${method} ${url}`,
        place: url,
        fingerprints: [['request', `${method} ${textIn(instance, 'param') ?? ''}`]],
        toolSuppression: textIn(alert, 'confidence') === FALSE_POSITIVE ? 'accepted' : 'unknown',
      },
      occurrences,
    );
  });
}

/** A query holds what the scanner tried, and sometimes a token; the place is the same without it. */
const withoutQuery = (uri: string): string =>
  (uri.split(/[?#]/, 1)[0] ?? '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
