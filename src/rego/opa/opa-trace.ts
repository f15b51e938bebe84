import { z } from 'zod';
import type { Place, TraceEvent } from '../compiler.port.js';
import { regoText, type AstNode, type Names } from './rego-text.js';

/** One event of `explanation` or of a test's `trace`, as topdown.Event is printed. */
const traceEvent = z.object({
  Op: z.string(),
  Node: z.unknown(),
  Location: z.object({ file: z.string().default(''), row: z.number(), col: z.number() }).nullish(),
  QueryID: z.number(),
  ParentID: z.number(),
  Locals: z.array(z.looseObject({ name: z.string() })).nullish(),
  LocalMetadata: z.record(z.string(), z.object({ name: z.string() })).nullish(),
  Message: z.string().default(''),
});
export const traceEvents = z.array(z.unknown());

const MAX_LOCALS = 20;

/** The first `max` events, with their depth; `total` counts all. */
export function readTrace(
  events: readonly unknown[],
  max: number,
): { readonly events: readonly TraceEvent[]; readonly total: number } {
  const depths = new Map<number, number>();
  return {
    total: events.length,
    events: events.slice(0, max).map((event) => readEvent(traceEvent.parse(event), depths)),
  };
}

function readEvent(event: z.infer<typeof traceEvent>, depths: Map<number, number>): TraceEvent {
  const { QueryID: query, ParentID: parent, Location: at, Node: node } = event;
  const depth = depths.get(query) ?? (query === 0 ? 0 : (depths.get(parent) ?? 0) + 1);
  depths.set(query, depth);
  const names: Names = Object.fromEntries(
    Object.entries(event.LocalMetadata ?? {}).map(([generated, { name }]) => [generated, name]),
  );
  return {
    op: event.Op,
    depth,
    file: at?.file ?? '',
    row: at?.row ?? 0,
    node: regoText(node, names),
    message: event.Message,
    locals: localsOf(event, variablesIn(node), names),
  };
}

function localsOf(
  { Locals: locals }: z.infer<typeof traceEvent>,
  wanted: ReadonlySet<string>,
  names: Names,
): string {
  const shown = (locals ?? [])
    .filter(({ name }) => wanted.has(name))
    .slice(0, MAX_LOCALS)
    .map((local) => `${names[local.name] ?? local.name}: ${regoText(local)}`)
    .sort();
  return shown.length === 0 ? '' : `{${shown.join(', ')}}`;
}

/** Of a rule those of its head only: what its body binds is shown at the expressions that do. */
function variablesIn(node: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (typeof value === 'object' && value !== null) {
      const { type, value: name } = value as AstNode;
      if (type === 'var' && typeof name === 'string') found.add(name);
      else for (const each of Object.values(value)) visit(each);
    }
  };
  visit(typeof node === 'object' && node !== null && 'head' in node ? node.head : node);
  return found;
}

const failure = z.object({
  Op: z.literal('Fail'),
  Location: z.object({ file: z.string(), row: z.number(), col: z.number() }),
});

/**
 * Where the trace of a test failed: the last expression of the test's own file that did, as what failed within a
 * rule that it asked came before; elsewhere only when the test itself has none.
 */
export function failureIn(events: readonly unknown[], testFile: string): Place | null {
  const failures = events.flatMap((event) => {
    const { data } = failure.safeParse(event);
    return data ? [{ file: data.Location.file, row: data.Location.row, column: data.Location.col }] : [];
  });
  return failures.findLast(({ file }) => file === testFile) ?? failures.at(-1) ?? null;
}
