import { aDocument, type EvidenceDocument } from './model/document.js';
import type { Dropped, EvidenceKind, EvidenceState, Reason, ToolFact } from './model/evidence-state.js';
import type { Finding } from './model/finding.js';

const WORST_FIRST: readonly EvidenceState[] = ['ERROR', 'UNKNOWN', 'INCOMPLETE', 'NOT_MEASURED', 'COMPLETE'];

export const worstOf = (states: readonly EvidenceState[]): EvidenceState =>
  WORST_FIRST.find((state) => states.includes(state)) ?? 'COMPLETE';

/** Beyond this a report is refused as a whole: a cut one hides findings. */
export const MAX_FINDINGS = 100_000;

export interface FindingsReport {
  readonly format: string;
  readonly formatVersion?: string | null;
  readonly kinds: readonly EvidenceKind[];
  readonly tool: { readonly name: string; readonly version?: string | undefined };
  readonly findings: readonly Finding[];
  /** Entries, readable or not. */
  readonly listed: number;
  /** Entries that name people or commits, which is not kept. */
  readonly personal?: number;
  readonly faults?: readonly (readonly [EvidenceState, Reason])[];
  readonly schema?: EvidenceDocument['schema'];
  readonly dropped?: readonly Dropped[];
  /** Places are URLs: that none is in the repository says nothing. */
  readonly hasUrls?: boolean;
}

/** The document of a report on findings. */
export function findingsDocument(report: FindingsReport): EvidenceDocument {
  const { format, tool, listed, faults = [] } = report;
  const findings = report.findings.slice(0, MAX_FINDINGS);
  const unreadable = listed - report.findings.length;
  const all: (readonly [EvidenceState, Reason])[] = [...faults];
  if (unreadable > 0)
    all.push(['INCOMPLETE', { code: 'findings.unreadable-entries', params: { count: unreadable } }]);
  if (listed > MAX_FINDINGS)
    all.push(['ERROR', { code: 'findings.too-many', params: { count: listed, limit: MAX_FINDINGS } }]);
  const states = all.map(([state]) => state);
  const fact: ToolFact = { name: tool.name, version: tool.version ?? null, versionFrom: 'file' };
  return aDocument({
    format,
    formatVersion: report.formatVersion ?? null,
    kinds: [...report.kinds].sort(),
    state: worstOf(states),
    reasons: all.map(([, reason]) => reason),
    tools: [fact],
    schema: unreadable > 0 ? 'invalid' : (report.schema ?? 'valid'),
    findings,
    counts: { findings: listed, components: 0, vulnerabilities: 0 },
    dropped: [
      { what: 'people and commits', count: report.personal ?? 0, why: 'personal-data' },
      {
        what: 'paths',
        count: report.hasUrls ? 0 : findings.filter(({ path }) => path === null).length,
        why: 'absolute-or-outside-the-repository',
      },
      { what: 'findings', count: listed - findings.length, why: 'over-limit-or-unreadable' },
      ...(report.dropped ?? []),
    ].filter(({ count }) => count > 0),
  });
}
