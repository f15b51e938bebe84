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
  /** A SELECT. `$1` is the organisation, which is never mixed with another. */
  readonly sql: string;
  /** Of `$2` and so on. */
  readonly types: readonly ParameterType[];
  readonly parameters: readonly unknown[];
}

/** How rows are looked up by key. Rows may be shared by whoever asked the same: they are for reading. */
export interface LookUps {
  rows<T>(lookUp: LookUp): Promise<readonly T[]>;
}

/** Each by itself: where one waits for the answer alone, as a verdict does. */
export class OneByOne implements LookUps {
  constructor(private readonly on: Queries) {}

  rows<T>({ sql, parameters }: LookUp): Promise<readonly T[]> {
    return this.on.query<T[]>(sql, [...parameters]);
  }
}

/** Keys in one statement. */
const MOST = 1_000;
/** Columns that say for which key, and as which of its rows. No column of ours has such a name. */
const [KEY, ROW] = ['#', '##'];

interface Asked {
  readonly lookUp: LookUp;
  /** For each who asked. */
  readonly answered: {
    readonly resolve: (rows: readonly unknown[]) => void;
    readonly reject: (error: unknown) => void;
  }[];
}

/**
 * Equal look-ups with different keys, asked for in one turn of the event loop, in one statement: a list of twenty
 * things that each show what they refer to takes as many statements as one thing (ADR 0026). One that is alone in its
 * turn is sent as it stands. Nothing is kept: the next turn asks anew.
 */
export class Together implements LookUps {
  private waiting = new Map<string, Map<string, Asked>>();

  constructor(private readonly on: Queries) {}

  rows<T>(lookUp: LookUp): Promise<readonly T[]> {
    if (this.waiting.size === 0)
      setImmediate(() => {
        this.send();
      });
    const group = groupOf(lookUp);
    const asked = this.waiting.get(group) ?? new Map<string, Asked>();
    this.waiting.set(group, asked);
    const key = keyOf(lookUp.parameters);
    const one: Asked = asked.get(key) ?? { lookUp, answered: [] };
    asked.set(key, one);
    return new Promise((resolve, reject) => {
      one.answered.push({ resolve: resolve as (rows: readonly unknown[]) => void, reject });
    });
  }

  private send(): void {
    const groups = [...this.waiting.values()];
    this.waiting = new Map();
    for (const group of groups) {
      const all = [...group.values()];
      for (let from = 0; from < all.length; from += MOST) void this.answer(all.slice(from, from + MOST));
    }
  }

  private async answer(asked: readonly Asked[]): Promise<void> {
    try {
      const rows = await this.ask(asked.map(({ lookUp }) => lookUp));
      asked.forEach(({ answered }, at) => {
        for (const { resolve } of answered) resolve(rows[at] ?? []);
      });
    } catch (error) {
      for (const { answered } of asked) for (const { reject } of answered) reject(error);
    }
  }

  private async ask(lookUps: readonly LookUp[]): Promise<readonly (readonly unknown[])[]> {
    const [first, ...others] = lookUps;
    if (!first) return [];
    if (others.length === 0) return [await this.on.query<unknown[]>(first.sql, [...first.parameters])];
    const { sql, parameters } = gathered(lookUps, first);
    const found: unknown[][] = lookUps.map(() => []);
    for (const { [KEY]: key, [ROW]: _, ...row } of await this.on.query<Record<string, unknown>[]>(
      sql,
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

/** What can go in one statement: the same text, of one organisation, with equal limits. */
const groupOf = ({ sql, types, parameters }: LookUp): string =>
  JSON.stringify([
    sql,
    parameters[0],
    types.map((type, at) => (type === 'same' ? parameters[at + 1] : null)),
  ]);

const keyOf = (parameters: readonly unknown[]): string =>
  JSON.stringify(parameters.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)));
