import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../kernel/digest.js';
import { MAX_COUNTED } from '../../kernel/count-matching.js';
import { drawTimeline } from './case-timeline.js';
import { anyRule, anyText, document, event, rule, violation } from '../../../test/support/picture-cases.js';
import { decisionTree, SHOWN_PER_RULE } from './decision-tree.js';
import { drawMarkdown, drawMermaid } from './draw.js';
import { markdownText, mermaidText } from '../../kernel/markup.js';

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
  it('has a section for each day and an item for each entry', () => {
    const next = event({ seq: 8, at: Date.parse('2026-11-22T10:00:00Z'), result: 'PASS', role: null });
    expect(drawTimeline('SHOP-7', [event(), next], 5)).toBe(
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

  it('says that there is more than lists count to', () => {
    expect(drawTimeline('SHOP-7', [event()], MAX_COUNTED)).toContain('    9999 more\n');
    expect(drawTimeline('SHOP-7', [event()], MAX_COUNTED + 1)).toContain('    more than 9999 more\n');
  });

  it('is one whatever the case is called', () => {
    fc.assert(
      fc.property(anyText, anyText, (caseId, actId) => {
        expect(drawTimeline(caseId, [event({ actId })], 1)).toMatch(TIMELINE);
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
