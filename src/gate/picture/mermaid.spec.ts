import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import type { Mermaid } from 'mermaid';
import { drawTimeline } from './case-timeline.js';
import { decisionTree } from './decision-tree.js';
import {
  anyRule,
  anyText,
  document,
  event,
  HOSTILE,
  rule,
  violation,
} from '../../../test/support/picture-cases.js';
import { drawMermaid } from './draw.js';

/** What Mermaid itself, the program that will draw it, makes of what we print; draw.spec.ts has a grammar of our own. */
let mermaid: Mermaid;
const { window } = new JSDOM('');
beforeAll(async () => {
  // It cleans texts with DOMPurify, which takes the window that is there when it is loaded.
  Object.assign(globalThis, { window });
  mermaid = (await import('mermaid')).default;
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
}, 120_000);
afterAll(() => {
  Reflect.deleteProperty(globalThis, 'window');
  window.close();
});

/** The nodes of a flowchart as Mermaid's own model of it has them. */
async function nodesOf(text: string): Promise<readonly { id: string; link?: string; label: string }[]> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- `parse` says that it could be read, not as what
  const { db, type } = await mermaid.mermaidAPI.getDiagramFromText(text);
  expect(type).toMatch(/^flowchart/);
  const { getData } = db as unknown as {
    getData: () => { nodes: { id: string; link?: string; label: string }[] };
  };
  return getData.call(db).nodes;
}

const decision = fc.array(anyRule, { maxLength: 3 });
const RUNS = { numRuns: 100 };

describe('Mermaid itself', () => {
  it('reads the tree of every decision as a flowchart with exactly its nodes, and no link', async () => {
    await fc.assert(
      fc.asyncProperty(decision, async (rules) => {
        const tree = decisionTree(document(rules));
        const drawn = drawMermaid(tree);
        const nodes = await nodesOf(drawn);
        expect(nodes.map(({ id }) => id).sort()).toEqual(tree.map(({ id }) => id).sort());
        expect(nodes.filter(({ link }) => link)).toEqual([]);
      }),
      RUNS,
    );
  }, 120_000);

  it('reads the timeline of every case as a timeline', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (caseId, actId, role) => {
        const drawn = drawTimeline(caseId, [event({ actId, role }), event({ seq: 8 })], 5);
        expect(await mermaid.parse(drawn)).toMatchObject({ diagramType: 'timeline' });
      }),
      RUNS,
    );
  }, 120_000);

  it.each(HOSTILE)('reads nothing of %j as syntax', async (text) => {
    const message = { code: 'x', params: {}, text };
    const hostile = rule({
      title: text,
      remediation: text,
      violations: [violation({ message, where: { path: text, line: null } })],
    });
    const tree = decisionTree(document([hostile]));
    expect(await nodesOf(drawMermaid(tree))).toHaveLength(tree.length);
    expect((await mermaid.parse(drawTimeline(text, [event({ actId: text })], 1))).diagramType).toBe(
      'timeline',
    );
  });

  it.each([
    ['a quote that ends the label', 'FAIL" x', /Parse error|Lexical error|Expecting/],
    ['a line of its own', 'x"]\n  d --> ', /Parse error|Lexical error|Expecting/],
  ])('does not read a text that was not escaped: %s', async (_, text, error) => {
    const drawn = drawMermaid(decisionTree(document([rule({ title: 'PLANTED' })])));
    expect(drawn).toContain('PLANTED');
    await expect(mermaid.parse(drawn.replace('PLANTED', text))).rejects.toThrow(error);
  });

  it('would follow a link, or draw another node, where a text was not escaped', async () => {
    const tree = decisionTree(document([rule({ title: 'PLANTED' })]));
    const planted = drawMermaid(tree).replace('PLANTED', 'x"]; p0_r0 --> planted["y');
    expect((await nodesOf(planted)).map(({ id }) => id)).toContain('planted');
    expect(await nodesOf(planted)).toHaveLength(tree.length + 1);
  });
});
