import { canonicalJson, canonicalWriter } from '../../kernel/canonical-json.js';
import type { Finding, FindingIdentity } from '../model/finding.js';

/**
 * A finding on its way into a page, as text. Pages are in the order of `key`, then `index`: by path, so that a
 * change in one file changes few pages; then by rule and identity, so that moved lines move nothing; equal
 * findings by their place in the file.
 */
export interface OrderedFinding {
  readonly key: string;
  /** Place in the file, from 0. */
  readonly index: number;
  /** Which combination of traits, by first appearance. */
  readonly traits: number;
  /** Canonical JSON, with occurrence 0. */
  readonly text: string;
}

/** Canonical JSON of a finding; a million of them are written one by one, hence not as any other value. */
export const findingText: (finding: Finding) => string = canonicalWriter<Finding>({
  kind: canonicalJson,
  tool: canonicalJson,
  rule: canonicalJson,
  level: canonicalJson,
  levelFrom: canonicalJson,
  severity: canonicalJson,
  severityFrom: canonicalJson,
  message: canonicalJson,
  path: canonicalJson,
  startLine: canonicalJson,
  startColumn: canonicalJson,
  identity: canonicalWriter<FindingIdentity>({
    scheme: canonicalJson,
    value: canonicalJson,
    strength: canonicalJson,
    occurrence: canonicalJson,
    content: canonicalJson,
  }),
  toolSuppression: canonicalJson,
  toolSuppressionExpires: canonicalJson,
  baseline: canonicalJson,
});

export const orderKey = ({ path, rule, identity: { scheme, value } }: Finding): string =>
  canonicalJson([path ?? '', rule, scheme, value]);

export const isBefore = (one: OrderedFinding, other: OrderedFinding): boolean =>
  one.key === other.key ? one.index < other.index : one.key < other.key;

export const byOrder = (a: OrderedFinding, b: OrderedFinding): number =>
  a.key === b.key ? a.index - b.index : a.key < b.key ? -1 : 1;

const WITHOUT_OCCURRENCE = '"occurrence":0';

/** Inside a JSON string these quotes would be escaped, so that the first place that looks like it is it. */
export function withOccurrence(text: string, occurrence: number): string {
  const at = text.indexOf(WITHOUT_OCCURRENCE);
  const end = at + WITHOUT_OCCURRENCE.length;
  return occurrence === 0 ? text : `${text.slice(0, end - 1)}${String(occurrence)}${text.slice(end)}`;
}

/** One line, for a file; canonical JSON has no line ends or tabs of its own. */
export const toLine = ({ key, index, traits, text }: OrderedFinding): string =>
  `${key}\t${String(index)}\t${String(traits)}\t${text}\n`;

export function fromLine(line: string): OrderedFinding {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const third = line.indexOf('\t', second + 1);
  return {
    key: line.slice(0, first),
    index: Number(line.slice(first + 1, second)),
    traits: Number(line.slice(second + 1, third)),
    text: line.slice(third + 1),
  };
}
