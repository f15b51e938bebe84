import { ENTRY_KINDS, type EntryKind } from '../../src/ledger/entry.js';
import { PROVES } from './kind-proof.js';
import type { RecordedEntry } from '../../src/ledger/recorded-entry.js';

/** Stated by every entry of the kind; by those of which it can be said; by none. */
export type Mark = '●' | '○' | '';

/** A column of the table in docs/AUDITING.md: which members of the facts it is about. */
export interface FactColumn {
  readonly name: string;
  readonly has: (entry: RecordedEntry) => boolean;
}

const AGENT_MEMBERS = [
  'agentId',
  'modelName',
  'modelVersion',
  'temperature',
  'presetId',
  'promptHash',
] as const;
const isWhole = (agent: RecordedEntry['facts']['agent']): boolean =>
  agent !== undefined && AGENT_MEMBERS.every((member) => agent[member] !== '');
const isList = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;

/** Those that every kind states, so that they need no column. */
export const ALWAYS: readonly FactColumn[] = [
  { name: 'org', has: ({ orgId }) => orgId !== '' },
  { name: 'kind', has: ({ kind }) => ENTRY_KINDS.includes(kind) },
  { name: 'actor', has: ({ actor }) => actor === 'system' || /^p_[0-9a-f]{32}$/.test(actor) },
  { name: 'ts_start', has: ({ facts }) => Number.isFinite(facts.tsStart) },
  { name: 'ts_end', has: ({ facts }) => facts.tsEnd >= facts.tsStart },
  { name: 'result', has: ({ facts }) => facts.result !== undefined && facts.result !== '' },
  { name: 'severity', has: ({ facts }) => facts.severity !== undefined && facts.severity !== '' },
];

export const COLUMNS: readonly FactColumn[] = [
  { name: 'project', has: ({ facts }) => facts.projectId !== undefined },
  { name: 'case', has: ({ facts }) => facts.caseId !== undefined },
  { name: 'act', has: ({ facts }) => facts.actId !== undefined },
  { name: 'role', has: ({ facts }) => facts.role !== undefined },
  { name: 'gate', has: ({ facts }) => facts.gateId !== undefined },
  { name: 'art', has: ({ facts }) => facts.artId !== undefined },
  { name: 'artefact hash', has: ({ facts }) => facts.artefactDigest !== undefined },
  { name: 'checklist', has: ({ facts }) => facts.checklistVersion !== undefined },
  { name: 'waivers', has: ({ facts }) => isList(facts.waiverIds) },
  { name: 'before', has: ({ facts }) => facts.stateBefore !== undefined },
  { name: 'after', has: ({ facts }) => facts.stateAfter !== undefined },
  { name: 'policies', has: ({ facts }) => isList(facts.policyDigests) },
  { name: 'evidence', has: ({ facts }) => isList(facts.evidenceDigests) },
  { name: 'waiver set', has: ({ facts }) => facts.waiverSetDigest !== undefined },
  { name: 'as-of', has: ({ facts }) => facts.asOf !== undefined },
  { name: 'decision', has: ({ facts }) => facts.decisionId !== undefined },
  { name: 'login', has: ({ facts }) => facts.authTime !== undefined && isList(facts.amr) },
  { name: 'agent', has: ({ facts }) => isWhole(facts.agent) },
  { name: 'acting agent', has: ({ facts }) => isWhole(facts.actingAgent) },
];

export type FactTable = Readonly<Record<EntryKind, readonly Mark[]>>;

/** What the entries have, kind by kind and column by column. */
export function tabulate(entries: readonly RecordedEntry[], columns: readonly FactColumn[]): FactTable {
  const marks = ENTRY_KINDS.map((kind) => {
    const ofKind = entries.filter((entry) => entry.kind === kind);
    return [kind, columns.map(({ has }) => markOf(ofKind.map(has)))] as const;
  });
  return Object.fromEntries(marks) as unknown as FactTable; // every kind is there
}

function markOf(each: readonly boolean[]): Mark {
  if (each.length > 0 && each.every(Boolean)) return '●';
  return each.some(Boolean) ? '○' : '';
}

/** As docs/AUDITING.md shows it; prettier would write the same. */
export function renderTable(table: FactTable): string {
  return renderRows([
    ['', ...COLUMNS.map(({ name }) => name)],
    ...Object.entries(table).map(([k, m]) => [`\`${k}\``, ...m]),
  ]);
}

/** What an entry of each kind proves, kind by kind. */
export const renderProofs = (): string =>
  renderRows([['', 'proves'], ...ENTRY_KINDS.map((kind) => [`\`${kind}\``, PROVES[kind]])]);

function renderRows(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(3, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
