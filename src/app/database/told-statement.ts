import pg from 'pg';

/** For whom a statement runs. An unset organisation is the empty text: the policies then let nothing be seen. */
export interface Told {
  readonly role: string;
  readonly orgId: string;
}

/** What of pg's connection and query is used here; `@types/pg` leaves it out. The calls are the protocol's messages. */
interface Wire {
  parse(message: { name: string; text: string }): void;
  bind(message: { portal: string; statement: string; values: readonly string[] }): void;
  execute(message: { portal: string }): void;
  close(message: { type: 'S'; name: string }): void;
}
interface PreparedQuery {
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
const TELL_TEXT = `SELECT set_config('role', $1, true), set_config('assay.org_id', $2, true)`;

/** Connections on which TELL is prepared. */
const prepared = new WeakSet<Wire>();

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
  }

  /** Without parameters too: only the protocol of prepared statements can send two at once. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(wire: Wire): void {
    if (!prepared.has(wire)) {
      wire.close({ type: 'S', name: TELL }); // of an attempt that failed; closing what is not there is no error
      wire.parse({ name: TELL, text: TELL_TEXT });
    }
    wire.bind({ portal: '', statement: TELL, values: [this.told.role, this.told.orgId] });
    wire.execute({ portal: '' });
    super.prepare(wire);
    prepared.add(wire);
  }

  override handleDataRow(message: unknown): void {
    if (!this.telling) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.telling) this.telling = false;
    else super.handleCommandComplete(message, wire);
  }

  override handleError(error: Error, wire: Wire): void {
    if (this.telling) prepared.delete(wire);
    super.handleError(error, wire);
  }
}
