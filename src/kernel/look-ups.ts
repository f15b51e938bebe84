import { Gatherings } from './gathering.js';
import { plannedOnce } from './planned-once.js';

/** What answers SQL: an entity manager, as far as it is needed here. */
export interface Queries {
  query<T>(sql: string, parameters?: unknown[]): Promise<T>;
}

/**
 * Type of a parameter, as PostgreSQL names it. `same`: never gathered over – LIMIT takes no column –, so that only
 * look-ups with an equal one go together.
 */
export type ParameterType =
  'uuid' | 'text' | 'integer' | 'bigint' | 'bytea' | 'boolean' | 'timestamptz' | 'jsonb' | 'same';

export interface LookUp {
  /** A SELECT by key, planned once. `$1` is the organisation, which is never mixed with another. */
  readonly sql: string;
  /** Of `$2` and so on. */
  readonly types: readonly ParameterType[];
  readonly parameters: readonly unknown[];
  /** On whose behalf, where that is more than the organisation: never mixed with another. */
  readonly behalf?: string;
}

/** How rows are looked up by key. Rows may be shared by whoever asked the same: they are for reading. */
export interface LookUps {
  rows<T>(lookUp: LookUp): Promise<readonly T[]>;
}

/** Each by itself, at once: within a transaction, where whoever asks waits for each answer. */
export class OneByOne implements LookUps {
  constructor(private readonly on: Queries) {}

  rows<T>({ sql, parameters }: LookUp): Promise<readonly T[]> {
    return this.on.query<T[]>(plannedOnce(sql), [...parameters]);
  }
}

/** Columns that say for which key, and as which of its rows. No column of ours has such a name. */
const [KEY, ROW] = ['#', '##'];

type Rows = readonly unknown[];

/**
 * Equal look-ups with different keys, asked for at one moment, in one statement: a list of twenty things that each show
 * what they refer to takes as many statements as one thing, and many verdicts at once read what few do (ADR 0026). One
 * that is alone is sent as it stands. Nothing is kept: the next moment asks anew.
 */
export class Together implements LookUps {
  private readonly gatherings = new Gatherings<LookUp, Rows>(groupOf, (asked) => this.answer(asked));

  /** `on` answers on behalf of the organisation that it is given, and of what more the look-up says. */
  constructor(private readonly on: (orgId: string, behalf: string | undefined) => Queries) {}

  async rows<T>(lookUp: LookUp): Promise<readonly T[]> {
    return (await this.gatherings.ask(lookUp)) as readonly T[];
  }

  /** For each its rows; who asked the same gets the same. */
  private async answer(asked: readonly LookUp[]): Promise<readonly Rows[]> {
    const keys = asked.map(({ parameters }) => keyOf(parameters));
    const different = new Map(asked.map((lookUp, at) => [keys[at], lookUp]));
    const found = await this.ask([...different.values()]);
    const rows = new Map([...different.keys()].map((key, at) => [key, found[at] ?? []]));
    return keys.map((key) => rows.get(key) ?? []);
  }

  private async ask(lookUps: readonly LookUp[]): Promise<readonly Rows[]> {
    const [first, ...others] = lookUps;
    if (!first) return [];
    const on = this.on(String(first.parameters[0]), first.behalf);
    if (others.length === 0)
      return [await on.query<unknown[]>(plannedOnce(first.sql), [...first.parameters])];
    const { sql, parameters } = gathered(lookUps, first);
    const found: unknown[][] = lookUps.map(() => []);
    for (const { [KEY]: key, [ROW]: _, ...row } of await on.query<Record<string, unknown>[]>(
      plannedOnce(sql),
      parameters,
    ))
      found[Number(key) - 1]?.push(row);
    return found;
  }
}

/** The statement for all of them: what differs comes from a table of the keys, row by row in the order of the original. */
function gathered(
  lookUps: readonly LookUp[],
  { sql, types, parameters }: LookUp,
): { sql: string; parameters: unknown[] } {
  const places = ['$1'];
  const passed: unknown[] = [parameters[0]];
  const columns: { readonly name: string; readonly list: string }[] = [];
  types.forEach((type, at) => {
    const place = `$${String(passed.length + 1)}`;
    passed.push(type === 'same' ? parameters[at + 1] : lookUps.map((one) => one.parameters[at + 1]));
    const name = `p${String(at + 2)}`;
    places.push(type === 'same' ? place : `asked_for.${name}`);
    if (type !== 'same') columns.push({ name, list: `${place}::${type}[]` });
  });
  const own = sql.replace(/\$(\d+)/g, (_, number: string) => places[Number(number) - 1] ?? '$0');
  const lists = columns.map(({ list }) => list).join(', ');
  const names = columns.map(({ name }) => name).join(', ');
  return {
    sql: `SELECT asked_for."${KEY}", found.* FROM unnest(${lists}) WITH ORDINALITY AS asked_for (${names}, "${KEY}")
      CROSS JOIN LATERAL (SELECT row_number() OVER () AS "${ROW}", own.* FROM (${own}) own) found
      ORDER BY asked_for."${KEY}", found."${ROW}"`,
    parameters: passed,
  };
}

/** What can go in one statement: the same text, on behalf of the same, with equal limits. */
const groupOf = ({ sql, types, parameters, behalf = '' }: LookUp): string =>
  JSON.stringify([
    sql,
    behalf,
    parameters[0],
    types.map((type, at) => (type === 'same' ? parameters[at + 1] : null)),
  ]);

const keyOf = (parameters: readonly unknown[]): string =>
  JSON.stringify(parameters.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)));
