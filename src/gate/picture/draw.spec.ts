import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../kernel/digest.js';
import type { RuleResult, ViolationResult } from '../decide.js';
import type { DecisionDocument } from '../decision.js';
import { drawTimeline } from './case-timeline.js';
import { decisionTree, SHOWN_PER_RULE } from './decision-tree.js';
import { drawMarkdown, drawMermaid } from './draw.js';
import { markdownText, mermaidText } from '../../kernel/markup.js';

const violation = (change: Partial<ViolationResult> = {}): ViolationResult => ({
  message: { code: 'x.found', params: {}, text: 'A secret was found' },
  ...{ severity: 'high', where: { path: 'src/a.js', line: 3 }, identity: null, subject: null },
  ...{ evidence: sha256('report'), waivedBy: null },
  ...change,
});
const rule = (change: Partial<RuleResult> = {}): RuleResult => ({
  ...{ ruleId: 'no-secrets', policyId: 'secure-release', title: 'No secrets', effect: 'block' },
  ...{ severity: 'high', remediation: 'Revoke it, then remove it.', controls: [], outcome: 'FAIL' },
  ...{ outcomeWithoutWaivers: 'FAIL', violations: [violation()], gaps: [], facts: {}, problem: null },
  ...change,
});
const document = (rules: readonly RuleResult[]): DecisionDocument => ({
  ...{ model: 'assay.decision/1', asOf: '2026-11-21T09:00:00.000Z', validUntil: null },
  ...{ verdict: 'FAIL', verdictWithoutWaivers: 'FAIL', gate: { gateId: 'GATE_RELEASE', locus: 'RELEASE' } },
  artefact: { artId: 'ART_SHOP', digest: sha256('shop') },
  checklist: { chkId: 'CHK_A', version: 1, digest: sha256('checklist') },
  policies: [{ policyId: 'secure-release', version: '1.0.0', digest: sha256('p'), bundle: sha256('b') }],
  evidence: [],
  waivers: { set: sha256('none'), considered: [], applied: [] },
  ...{ inputsDigest: sha256('inputs'), rules },
});

/** What Mermaid reads as syntax never stands in a label: only these characters, and entity codes. */
const LABEL = String.raw`(?:[\p{L}\p{M}\p{N} .,_/@=+-]|#\d+;|<br\/>)*`;
const NODE = String.raw`[a-z0-9_]+\["${LABEL}"\](?::::[a-z]+)?`;
const FLOWCHART = new RegExp(
  String.raw`^flowchart LR\n(?:  (?:[a-z0-9_]+ --> )?${NODE}\n)+(?:  classDef [a-z]+ [a-z#0-9:,]+\n)+$`,
  'u',
);
const TIMELINE = new RegExp(
  String.raw`^timeline\n  title Case ${LABEL}\n(?:  section ${LABEL}\n(?:    ${LABEL}(?: : ${LABEL})?\n)+)*$`,
  'u',
);

const HOSTILE = [
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
const anyText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 300 }));
const anyRule = fc
  .record({ title: anyText, text: anyText, path: anyText, remediation: anyText, count: fc.nat(40) })
  .map(({ title, text, path, remediation, count }) =>
    rule({
      ...{ title, remediation },
      violations: Array.from({ length: count }, (_, line) =>
        violation({ message: { code: 'x', params: {}, text }, where: { path, line } }),
      ),
    }),
  );

describe('the tree of a decision', () => {
  it('has every rule with its outcome, where and in what it was found, and what to do about it', () => {
    const gap = { message: { code: 'g', params: {}, text: 'No SBOM' }, evidence: null };
    const passing = rule({ ruleId: 'b', title: 'Coverage', outcome: 'PASS', violations: [] });
    const nodes = decisionTree(document([rule({ gaps: [gap] }), passing]));
    expect(nodes.map(({ id, parentId, kind, outcome }) => [id, parentId, kind, outcome])).toEqual([
      ['d', null, 'DECISION', 'FAIL'],
      ['p0', 'd', 'POLICY', null],
      ['p0_r0', 'p0', 'RULE', 'FAIL'],
      ['p0_r0_v0', 'p0_r0', 'VIOLATION', null],
      ['p0_r0_v1', 'p0_r0', 'GAP', null],
      ['p0_r1', 'p0', 'RULE', 'PASS'],
    ]);
    expect(nodes[2]).toMatchObject({ remedy: 'Revoke it, then remove it.' });
    expect(nodes[3]).toMatchObject({ where: 'src/a.js:3', evidence: sha256('report'), waivedBy: null });
    expect(nodes[5]).toMatchObject({ remedy: null });
  });

  it('counts what it has no room for', () => {
    const violations = Array.from({ length: SHOWN_PER_RULE + 5 }, (_, line) =>
      violation({ where: { path: 'a', line } }),
    );
    const nodes = decisionTree(document([rule({ violations })]));
    expect(nodes.filter(({ kind }) => kind === 'VIOLATION')).toHaveLength(SHOWN_PER_RULE);
    expect(nodes.at(-1)).toMatchObject({ kind: 'MORE', label: 'and 5 more' });
  });

  it('says why a rule could not be asked', () => {
    const problem = { code: 'gate.engine-failed', params: {}, text: 'Out of memory' };
    const nodes = decisionTree(document([rule({ outcome: 'ERROR', violations: [], problem })]));
    expect(nodes.at(-1)).toMatchObject({ kind: 'GAP', label: 'Out of memory' });
  });
});

describe('the picture of a decision', () => {
  it('is a flowchart whose boxes say outcome, place and remedy in words', () => {
    const drawn = drawMermaid(decisionTree(document([rule()])));
    expect(drawn).toMatch(FLOWCHART);
    expect(drawn).toContain(
      'p0 --> p0_r0["FAIL<br/>No secrets<br/>Remedy#58; Revoke it, then remove it."]:::bad',
    );
    expect(drawn).toContain('A secret was found<br/>src/a.js#58;3');
  });

  it('is a flowchart whatever a report says: none of it becomes syntax', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 3 }), (rules) => {
        const nodes = decisionTree(document(rules));
        const drawn = drawMermaid(nodes);
        expect(drawn).toMatch(FLOWCHART);
        expect(drawn.split('\n')).toHaveLength(nodes.length + 6);
      }),
      { numRuns: 300 },
    );
  });

  it('in Markdown is one list item for each node, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 3 }), (rules) => {
        const nodes = decisionTree(document(rules));
        const lines = drawMarkdown(nodes).trimEnd().split('\n');
        expect(lines).toHaveLength(nodes.length);
        for (const line of lines) {
          expect(line).toMatch(/^ *- /);
          expect(line).not.toMatch(/<|(?<!\\)\]\(|(?<!\\)!\[|(?<!\\)`/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the timeline of a case', () => {
  const event = (change: object = {}) => ({
    ...{ seq: 7, kind: 'decision.recorded', at: Date.parse('2026-11-21T09:30:00Z'), result: 'FAIL' },
    ...{ gateId: 'GATE_RELEASE', artId: 'ART_SHOP', actId: null, role: 'QA' },
    ...change,
  });

  it('has a section for each day and an item for each entry', () => {
    const next = event({ seq: 8, at: Date.parse('2026-11-22T10:00:00Z'), result: 'PASS', role: null });
    expect(drawTimeline('SHOP-7', [event(), next], 3)).toBe(
      [
        'timeline',
        '  title Case SHOP-7',
        '  section 2026-11-21',
        '    09#58;30#58;00 : #35;7 decision.recorded FAIL GATE_RELEASE ART_SHOP #40;QA#41;',
        '  section 2026-11-22',
        '    10#58;00#58;00 : #35;8 decision.recorded PASS GATE_RELEASE ART_SHOP',
        '  section Later',
        '    3 more',
        '',
      ].join('\n'),
    );
  });

  it('is one whatever the case is called', () => {
    fc.assert(
      fc.property(anyText, anyText, (caseId, actId) => {
        expect(drawTimeline(caseId, [event({ actId })], 0)).toMatch(TIMELINE);
      }),
      { numRuns: 300 },
    );
  });
});

describe('escaped text', () => {
  it('keeps letters of any alphabet, and shows the rest as entity codes', () => {
    expect(mermaidText('Geheim in café: "x" – 日本')).toBe('Geheim in café#58; #34;x#34; #8211; 日本');
    expect(markdownText('a*b* <i> [x](y) @me')).toBe('a\\*b\\* &lt;i&gt; \\[x\\]\\(y\\) &#64;me');
  });
});
