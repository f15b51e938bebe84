/**
 * Go's time layouts (package time, format.go at Go 1.26): a layout is the reference time
 * `Mon Jan 2 15:04:05 MST 2006` written the way the caller wants times written.
 */
export type Element =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | 'offset'
  | 'fraction';

/** A literal text and the element after it. */
export interface Chunk {
  readonly before: string;
  readonly element: Element;
  /** As the layout has it. */
  readonly written: string;
}

export interface Layout {
  readonly text: string;
  readonly chunks: readonly Chunk[];
  /** The literal text after the last element. */
  readonly after: string;
}

/** The constants of Go's package time that OPA knows by name. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['ANSIC', 'Mon Jan _2 15:04:05 2006'],
  ['UnixDate', 'Mon Jan _2 15:04:05 MST 2006'],
  ['RubyDate', 'Mon Jan 02 15:04:05 -0700 2006'],
  ['RFC822', '02 Jan 06 15:04 MST'],
  ['RFC822Z', '02 Jan 06 15:04 -0700'],
  ['RFC850', 'Monday, 02-Jan-06 15:04:05 MST'],
  ['RFC1123', 'Mon, 02 Jan 2006 15:04:05 MST'],
  ['RFC1123Z', 'Mon, 02 Jan 2006 15:04:05 -0700'],
  ['RFC3339', '2006-01-02T15:04:05Z07:00'],
  ['RFC3339Nano', '2006-01-02T15:04:05.999999999Z07:00'],
]);

/**
 * One element at a time, the longer spelling first. A fraction is a run of one digit, 0 or 9, that no other digit
 * follows. `Jan` and `Mon` count only where no lower-case letter follows, so that `Month` stays a word.
 */
const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_(?=2006)|_2|__2|[345]|PM|pm|[-Z]07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?!\d)/g;

export function readLayout(given: string): Layout {
  const text = NAMED.get(given) ?? given;
  const chunks: Chunk[] = [];
  let at = 0;
  for (const { 0: written, index } of text.matchAll(ELEMENT)) {
    // The underscore of _2006 is a literal one.
    if (written === '_') continue;
    chunks.push({ before: text.slice(at, index), element: elementOf(written), written });
    at = index + written.length;
  }
  return { text, chunks, after: text.slice(at) };
}

function elementOf(written: string): Element {
  if (written.startsWith('.') || written.startsWith(',')) return 'fraction';
  return /^[-Z]/.test(written) ? 'offset' : (written as Element);
}

/** Go keeps the length of a fraction in twelve bits. */
export const fractionDigits = (written: string): number => (written.length - 1) & 0xfff;

export const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
