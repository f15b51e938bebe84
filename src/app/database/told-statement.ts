import pg from 'pg';
import { isPlannedOnce } from '../../kernel/planned-once.js';
import type { DatabaseRole } from './roles.js';

/** For whom a statement runs. An unset organisation is the empty text: the policies then let nothing be seen. */
export interface Told {
  readonly role: DatabaseRole;
  readonly orgId: string;
  /** Array of uuid as PostgreSQL writes it, for `assay_narrowed`; the empty text for others, whom it does not bind. */
  readonly projectIds: string;
}

/** What of pg's connection and query is used here; `@types/pg` leaves it out. The calls are the protocol's messages. */
interface Wire {
  parse(message: { name: string; text: string }): void;
  bind(message: { portal: string; statement: string; values: readonly string[] }): void;
  execute(message: { portal: string }): void;
  close(message: { type: 'S'; name: string }): void;
}
interface PreparedQuery {
  readonly text: string;
  name: string | undefined;
  hasBeenParsed(wire: Wire): unknown;
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
  handleError(error: Error, wire: Wire): void;
}
type Callback = (error: Error | undefined, result: unknown) => void;
const Query = pg.Query as unknown as new (
  text: string,
  values: readonly unknown[] | undefined,
  callback: Callback,
) => PreparedQuery;

const TELL = 'assay_tell';
/** A plan that is kept was perhaps made while the table was small: it must not read all of it when it is large. */
const TELL_TEXT = `SELECT set_config('role', $1, true), set_config('assay.org_id', $2, true),
  set_config('assay.project_ids', $3, true), set_config('enable_seqscan', $4, true)`;

/** Names of what a connection has prepared. */
const prepared = new WeakMap<Wire, Set<string>>();
const preparedOn = (wire: Wire): Set<string> => {
  const names = prepared.get(wire) ?? new Set<string>();
  prepared.set(wire, names);
  return names;
};

/** Names of statements that are planned once, by role – plans depend on its policies – and text. */
const names = new Map<string, string>();
/** Kept by each connection, and there it takes up to 100 kB: should texts differ without end, this is the end. */
const MAX_NAMES = 500;

function nameOf({ role }: Told, text: string): string | undefined {
  if (!isPlannedOnce(text)) return undefined;
  const known = names.get(`${role} ${text}`);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = `assay_${String(names.size + 1)}`;
  names.set(`${role} ${text}`, name);
  return name;
}

/**
 * A statement that tells the database for whom it runs, in the same message: both are one implicit transaction, or
 * part of the one that is open, so that telling costs no round trip and outlives neither. Where telling fails, the
 * server skips the statement. Text of more than one statement is refused, as always with parameters.
 */
export class ToldStatement extends Query {
  /** Whose answers are coming in. */
  private telling = true;

  constructor(
    private readonly told: Told,
    text: string,
    values: readonly unknown[] | undefined,
    callback: Callback,
  ) {
    super(text, values, callback);
    this.name = nameOf(told, text);
  }

  /** Without parameters too: only the protocol of prepared statements can send two at once. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(wire: Wire): void {
    this.parseOnce(wire, TELL, TELL_TEXT);
    const { role, orgId, projectIds } = this.told;
    const scans = this.name === undefined ? 'on' : 'off';
    wire.bind({ portal: '', statement: TELL, values: [role, orgId, projectIds, scans] });
    wire.execute({ portal: '' });
    if (this.name !== undefined) this.parseOnce(wire, this.name, this.text);
    super.prepare(wire);
  }

  /** What has a name is parsed above: pg would believe it parsed by the first answer that it gets, TELL's. */
  override hasBeenParsed(): boolean {
    return this.name !== undefined;
  }

  private parseOnce(wire: Wire, name: string, text: string): void {
    const here = preparedOn(wire);
    if (here.has(name)) return;
    wire.close({ type: 'S', name }); // of an attempt that failed; closing what is not there is no error
    wire.parse({ name, text });
    here.add(name);
  }

  override handleDataRow(message: unknown): void {
    if (!this.telling) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.telling) this.telling = false;
    else super.handleCommandComplete(message, wire);
  }

  override handleError(error: Error, wire: Wire): void {
    // Whatever it was – also that a migration has changed what the statement answers –: next time from the start.
    const here = preparedOn(wire);
    if (this.telling) here.delete(TELL);
    if (this.name !== undefined) here.delete(this.name);
    super.handleError(error, wire);
  }
}
