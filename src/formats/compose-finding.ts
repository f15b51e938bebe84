import {
  findingBasis,
  identityOf,
  secretBasis,
  secretWithoutValue,
  type Fingerprints,
  type IdentityBasis,
  type OccurrenceCounter,
} from './identity.js';
import type { Finding, FindingKind, FindingLevel, Severity, ToolSuppression } from './model/finding.js';
import { repositoryPath } from './read/path.js';
import { named, shortened } from './read/text.js';
import { ruleClassOf } from './secrets/rule-class.js';
import { levelOfSeverity } from './severity.js';

/** A finding as formats without SARIF's machinery state it. */
export interface PlainFinding {
  readonly kind: FindingKind;
  readonly tool: string;
  readonly rule: string;
  /** On our scale. */
  readonly severity: Severity;
  readonly severityFrom?: Finding['severityFrom'];
  /** Where the tool has levels of its own; else by the severity. */
  readonly level?: FindingLevel;
  readonly message: string;
  /** As the report writes it: a path, a URL, a name; made repository-relative where it can be. */
  readonly place: string;
  readonly startLine?: number | undefined;
  readonly startColumn?: number | undefined;
  readonly fingerprints?: Fingerprints;
  readonly code?: string | undefined;
  /** Of a secret: the keyed hash of its value, where the report still holds one. */
  readonly keyedHash?: string | undefined;
  readonly toolSuppression?: ToolSuppression;
  readonly baseline?: Finding['baseline'];
}

export function composeFinding(given: PlainFinding, occurrences: OccurrenceCounter): Finding {
  const { kind, tool, rule, severity, message, place, startLine = null, startColumn = null } = given;
  const path = /^[a-z][a-z0-9+.-]+:\/\//i.test(place) ? null : (repositoryPath(place) ?? null);
  return {
    kind,
    tool: named(tool),
    rule: named(rule),
    level: given.level ?? levelOfSeverity(severity),
    levelFrom: 'tool',
    severity,
    severityFrom: given.severityFrom ?? 'tool',
    message: shortened(message),
    path,
    startLine,
    startColumn,
    identity: identityOf(basisOf(given, path ?? place), occurrences),
    toolSuppression: given.toolSuppression ?? 'unknown',
    toolSuppressionExpires: null,
    baseline: given.baseline ?? 'unknown',
  };
}

function basisOf(given: PlainFinding, anchor: string): IdentityBasis {
  const { kind, tool, rule, message, code, fingerprints = [] } = given;
  if (kind !== 'secret') return findingBasis({ tool, rule, anchor, message, code, fingerprints });
  const ruleClass = ruleClassOf(rule);
  return given.keyedHash === undefined
    ? secretWithoutValue(ruleClass, anchor, {
        line: given.startLine ?? null,
        column: given.startColumn ?? null,
      })
    : secretBasis(ruleClass, anchor, given.keyedHash);
}
