import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import { MAX_VIOLATIONS, readRuleReport } from './rule-report.js';

const digest = `sha256:${'e'.repeat(64)}`;
const violation: JsonObject = {
  code: 'r.found',
  params: { tool: 'bandit' },
  severity: 'high',
  where: { path: 'src/a.py', line: 3 },
  identity: { scheme: 's', value: 'v', occurrence: 0 },
  subject: null,
  evidence: digest,
};
const gap: JsonObject = { code: 'r.evidence-missing', params: {}, evidence: null };
const report: JsonObject = {
  ruleId: 'r',
  applicable: true,
  violations: [violation],
  gaps: [gap],
  facts: { open: 1 },
};
const without = (object: JsonObject, member: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== member));

describe('what a rule reports', () => {
  it('is taken as it is', () => {
    expect(readRuleReport('r', report)).toEqual({ ok: true, value: report });
  });

  it('may hold more than the contract asks for', () => {
    expect(readRuleReport('r', { ...report, note: 'new' })).toEqual({ ok: true, value: report });
  });

  const malformed: [string, JsonValue][] = [
    ['nothing', null],
    ['true', true],
    ['a list', []],
    ['another rule', { ...report, ruleId: 'other' }],
    ...Object.keys(report).map((member): [string, JsonValue] => [`no ${member}`, without(report, member)]),
    ...Object.keys(violation).map((member): [string, JsonValue] => [
      `a violation without ${member}`,
      { ...report, violations: [without(violation, member)] },
    ]),
    ...Object.keys(gap).map((member): [string, JsonValue] => [
      `a gap without ${member}`,
      { ...report, gaps: [without(gap, member)] },
    ]),
    ['an unknown severity word', { ...report, violations: [{ ...violation, severity: 'severe' }] }],
    ['a code of prose', { ...report, violations: [{ ...violation, code: 'Not good' }] }],
    ['a malformed digest', { ...report, violations: [{ ...violation, evidence: 'abc' }] }],
    ['violations of what does not apply', { ...report, applicable: false }],
    ['a negative zero', { ...report, facts: { open: -0 } }],
    ['a number beyond 2^53', { ...report, facts: { open: 2 ** 60 } }],
    ['a lone surrogate', { ...report, facts: { open: '\ud800' } }],
  ];
  it.each(malformed)('is an error when it is %s', (_what, value) => {
    expect(readRuleReport('r', value)).toMatchObject({
      ok: false,
      problem: { code: 'gate.report-malformed' },
    });
  });

  it('leaves undecided, never samples, what is too much to record', () => {
    const many = (count: number): ReturnType<typeof readRuleReport> =>
      readRuleReport('r', {
        ...report,
        gaps: [],
        violations: Array.from({ length: count }, () => violation),
      });
    expect(many(MAX_VIOLATIONS)).toMatchObject({ value: { gaps: [] } });
    expect(many(MAX_VIOLATIONS + 1)).toMatchObject({
      ok: true,
      value: {
        violations: [],
        gaps: [
          { code: 'gate.too-many-violations', params: { count: MAX_VIOLATIONS + 1, limit: MAX_VIOLATIONS } },
        ],
      },
    });
  });
});
