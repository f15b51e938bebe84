import { readArgs, UsageFault } from './usage.js';

/** What `assay export` was told. */
export interface ExportOrder {
  /** Where the pack goes. */
  readonly out: string;
  /** An export that was asked for before; then nothing is asked for. */
  readonly id?: string;
  /** Members of RequestExportInput, but for the key and the earlier checkpoint. */
  readonly query: Readonly<Record<string, string>>;
  /** A file with the checkpoint that was kept from before. */
  readonly previous?: string;
}

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  project: { type: 'string' },
  gate: { type: 'string' },
  artefact: { type: 'string' },
  previous: { type: 'string' },
  id: { type: 'string' },
  out: { type: 'string' },
} as const;

const MEMBER = { project: 'projectId', gate: 'gateId', artefact: 'artefactDigest' } as const;

/** Reads the options; a day stands for its first moment in UTC. Throws UsageFault. */
export function exportOrder(args: readonly string[]): ExportOrder {
  const { values } = readArgs(args, OPTIONS);
  const { out, id, from, to, previous } = values;
  if (out === undefined || out === '') throw new UsageFault('--out FILE is required');
  const query: Record<string, string> = {
    ...(from === undefined ? {} : { from: moment(from) }),
    ...(to === undefined ? {} : { to: moment(to) }),
  };
  for (const [option, member] of Object.entries(MEMBER) as [keyof typeof MEMBER, string][]) {
    const value = values[option];
    if (value !== undefined) query[member] = value;
  }
  if (id !== undefined && (Object.keys(query).length > 0 || previous !== undefined))
    throw new UsageFault('--id names what was asked for before: it goes with --out alone');
  return { out, query, ...(id !== undefined && { id }), ...(previous !== undefined && { previous }) };
}

const moment = (given: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(given) ? `${given}T00:00:00Z` : given);
