import fc from 'fast-check';
import { sha256 } from '../../src/kernel/digest.js';
import type { RuleResult, ViolationResult } from '../../src/gate/decide.js';
import type { DecisionDocument } from '../../src/gate/decision.js';

export const violation = (change: Partial<ViolationResult> = {}): ViolationResult => ({
  message: { code: 'x.found', params: {}, text: 'A secret was found' },
  ...{ severity: 'high', where: { path: 'src/a.js', line: 3 }, identity: null, subject: null },
  ...{ evidence: sha256('report'), waivedBy: null },
  ...change,
});
export const rule = (change: Partial<RuleResult> = {}): RuleResult => ({
  ...{ ruleId: 'no-secrets', policyId: 'secure-release', title: 'No secrets', effect: 'block' },
  ...{ severity: 'high', remediation: 'Revoke it, then remove it.', controls: [], outcome: 'FAIL' },
  ...{ outcomeWithoutWaivers: 'FAIL', violations: [violation()], gaps: [], facts: {}, problem: null },
  ...change,
});
export const document = (rules: readonly RuleResult[]): DecisionDocument => ({
  ...{ model: 'assay.decision/1', asOf: '2026-11-21T09:00:00.000Z', validUntil: null },
  ...{ verdict: 'FAIL', verdictWithoutWaivers: 'FAIL', gate: { gateId: 'GATE_RELEASE', locus: 'RELEASE' } },
  artefact: { artId: 'ART_SHOP', digest: sha256('shop') },
  checklist: { chkId: 'CHK_A', version: 1, digest: sha256('checklist') },
  policies: [{ policyId: 'secure-release', version: '1.0.0', digest: sha256('p'), bundle: sha256('b') }],
  evidence: [],
  waivers: { set: sha256('none'), considered: [], applied: [] },
  ...{ inputsDigest: sha256('inputs'), rules },
});

/** Texts that would be syntax of Mermaid, Markdown or HTML. */
export const HOSTILE = [
  'end',
  '"]; click d href "javascript:alert(1)"',
  '%%{init: {"theme":"dark"}}%%',
  '`**markdown**`',
  '<script>alert(1)</script>',
  'a\n  d --> x["new line"]',
  '#quot; #35;',
  ':::bad',
  'subgraph x',
  'zero​width ‮reversed',
  '[link](javascript:alert(1)) ![x](http://tracker)',
  '1. list\n- item\n# heading\n| table |',
];
export const anyText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 300 }));
export const anyRule = fc
  .record({ title: anyText, text: anyText, path: anyText, remediation: anyText, count: fc.nat(40) })
  .map(({ title, text, path, remediation, count }) =>
    rule({
      ...{ title, remediation },
      violations: Array.from({ length: count }, (_, line) =>
        violation({ message: { code: 'x', params: {}, text }, where: { path, line } }),
      ),
    }),
  );

export const event = (change: object = {}) => ({
  ...{ seq: 7, kind: 'decision.recorded', at: Date.parse('2026-11-21T09:30:00Z'), result: 'FAIL' },
  ...{ gateId: 'GATE_RELEASE', artId: 'ART_SHOP', actId: null, role: 'QA' },
  ...change,
});
