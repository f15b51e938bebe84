import type { EvidenceDocument } from './document.js';
import { aggregatesOf } from './finding-page.js';
import { SEVERITIES, type Severity } from './finding.js';

/**
 * Worst of what the document lists as being there, findings and vulnerabilities alike; where the file could not be
 * relied on, or something in it has no severity, nobody knows.
 */
export function worstSeverityOf(document: EvidenceDocument): Severity {
  const open = new Set<Severity>([
    ...aggregatesOf(document)
      .filter(({ baseline }) => baseline !== 'absent')
      .map(({ severity }) => severity),
    ...document.vulnerabilities
      .filter(({ status }) => status !== 'fixed' && status !== 'not_affected')
      .map(({ severity }) => severity),
  ]);
  if (document.state !== 'COMPLETE' || open.has('unknown')) return 'unknown';
  return SEVERITIES.find((severity) => open.has(severity)) ?? 'none';
}
