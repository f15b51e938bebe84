import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { findingSchema, type Finding } from '../model/finding.js';
import { findingText } from './finding-order.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '"', '\\', '\n', '\u2028'),
);
const count = fc.option(fc.nat());

const findings: fc.Arbitrary<Finding> = fc.record({
  kind: fc.constantFrom('sast', 'secret'),
  tool: text,
  rule: text,
  level: fc.constantFrom('error', 'none'),
  levelFrom: fc.constantFrom('explicit', 'rule-id'),
  severity: fc.constantFrom('critical', 'unknown'),
  severityFrom: fc.constantFrom('cvss', 'level'),
  message: text,
  path: fc.option(text),
  startLine: count,
  startColumn: count,
  identity: fc.record({
    scheme: text,
    value: text,
    strength: fc.constantFrom('strong', 'weak'),
    occurrence: fc.nat(),
    content: fc.option(text),
  }),
  toolSuppression: fc.constantFrom('accepted', 'unknown'),
  toolSuppressionExpires: fc.option(text),
  baseline: fc.constantFrom('new', 'absent'),
});

it('writes a finding as any other value is written, and all of it', () => {
  fc.assert(
    fc.property(findings, (finding) => {
      expect(findingText(finding)).toBe(canonicalJson(finding));
      expect(findingSchema.parse(JSON.parse(findingText(finding)))).toEqual(finding);
    }),
  );
});

it('refuses what has no exact form, wherever it stands', () => {
  const [finding] = fc.sample(findings, 1);
  if (!finding) throw new Error('no sample');
  expect(() => findingText({ ...finding, message: '\ud800' })).toThrow('lone surrogate');
  expect(() => findingText({ ...finding, startLine: Number.NaN })).toThrow('not exact');
  expect(() => findingText({ ...finding, identity: { ...finding.identity, occurrence: -0 } })).toThrow(
    'not exact',
  );
});
