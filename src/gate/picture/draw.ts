import type { TreeNode } from './decision-tree.js';
import { markdownText, mermaidText } from '../../kernel/markup.js';

/** How boxes of an outcome look; the rest are plain. */
const CLASS_OF: Readonly<Record<string, string>> = {
  PASS: 'good',
  PASS_WITH_WAIVERS: 'waived',
  WAIVED: 'waived',
  FAIL: 'bad',
  ERROR: 'bad',
  INDETERMINATE: 'open',
};

const STYLES = [
  'classDef good fill:#dff5e1,stroke:#1e7b34,color:#000',
  'classDef waived fill:#fff3cd,stroke:#8a6d00,color:#000',
  'classDef bad fill:#fadbd8,stroke:#a93226,color:#000',
  'classDef open fill:#e8e8e8,stroke:#555555,color:#000',
];

/** The tree as a Mermaid flowchart. Says in words what it says in colours. */
export function drawMermaid(nodes: readonly TreeNode[]): string {
  const lines = nodes.flatMap((node) => {
    const style = node.outcome === null ? undefined : CLASS_OF[node.outcome];
    const box = `${node.id}["${boxText(node)}"]${style === undefined ? '' : `:::${style}`}`;
    return [`  ${node.parentId === null ? box : `${node.parentId} --> ${box}`}`];
  });
  return ['flowchart LR', ...lines, ...STYLES.map((style) => `  ${style}`), ''].join('\n');
}

function boxText({ label, outcome, where, waivedBy, remedy }: TreeNode): string {
  const parts = [
    ...(outcome === null ? [] : [outcome]),
    label,
    ...(where === null ? [] : [where]),
    ...(waivedBy === null ? [] : [`waived by ${waivedBy}`]),
    ...(remedy === null ? [] : [`Remedy: ${remedy}`]),
  ];
  return parts.map(mermaidText).join('<br/>');
}

/** The tree as a nested list in Markdown. */
export function drawMarkdown(nodes: readonly TreeNode[]): string {
  const depths = new Map<string, number>();
  const lines = nodes.map((node) => {
    const depth = node.parentId === null ? 0 : (depths.get(node.parentId) ?? 0) + 1;
    depths.set(node.id, depth);
    return `${'  '.repeat(depth)}- ${itemText(node)}`;
  });
  return `${lines.join('\n')}\n`;
}

function itemText({ label, outcome, where, evidence, waivedBy, remedy }: TreeNode): string {
  return [
    ...(outcome === null ? [] : [`**${markdownText(outcome)}**`]),
    markdownText(label),
    ...(where === null ? [] : [`at ${markdownText(where)}`]),
    ...(evidence === null ? [] : [`in ${markdownText(evidence)}`]),
    ...(waivedBy === null ? [] : [`waived by ${markdownText(waivedBy)}`]),
    ...(remedy === null ? [] : [`– remedy: ${markdownText(remedy)}`]),
  ].join(' ');
}
