import { BuiltinError } from '../value/builtin-error.js';
import { type Chunk, fractionDigits, type Layout, MONTHS, WEEKDAYS } from './layout.js';
import { daysInMonth, isLeap, toNanos, unixOf } from './time.js';
import { UTC } from './time-zones.js';

/** What has been read so far; -1 is "not yet" where Go has it so. */
interface Fields {
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  half?: 'AM' | 'PM';
  /** Seconds east of UTC. */
  offset: number;
}

/** A field that cannot be read; `out of range` where it can but is none. */
class Refusal extends Error {
  constructor(readonly range?: string) {
    super();
  }
}

/** What an element takes off the text it is given: the rest. */
type Reader = (text: string, fields: Fields, chunk: Chunk, next: Chunk | undefined) => string;

/** Go's `time.Parse` with the zone of the machine being UTC, in nanoseconds since 1970, as OPA bounds them. */
export function parseTime(layout: Layout, text: string): bigint {
  const fields: Fields = {
    ...{ year: 0, month: -1, day: -1, dayOfYear: -1 },
    ...{ hour: 0, minute: 0, second: 0, nanos: 0, offset: 0 },
  };
  const failed = (reason: string): BuiltinError => new BuiltinError(`parsing time ${quoted(text)}${reason}`);
  const cannot = (rest: string, element: string): BuiltinError =>
    failed(` as ${quoted(layout.text)}: cannot parse ${quoted(rest)} as ${quoted(element)}`);

  let rest = text;
  for (const [index, chunk] of layout.chunks.entries()) {
    const after = skip(rest, chunk.before);
    if (after === undefined) throw cannot(rest, chunk.before);
    try {
      rest = READERS[chunk.element](after, fields, chunk, layout.chunks[index + 1]);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      throw refusal.range === undefined
        ? cannot(after, chunk.written)
        : failed(`: ${refusal.range} out of range`);
    }
  }
  const end = skip(rest, layout.after);
  if (end === undefined) throw cannot(rest, layout.after);
  if (end !== '') throw failed(`: extra text: ${quoted(end)}`);

  const problem = settleDate(fields);
  if (problem !== undefined) throw failed(`: ${problem}`);
  return toNanos(unixOfFields(fields), fields.nanos);
}

function unixOfFields({ year, month, day, hour, minute, second, half, offset }: Fields): bigint {
  const hours = half === 'PM' && hour < 12 ? hour + 12 : half === 'AM' && hour === 12 ? 0 : hour;
  const local = unixOf(
    {
      year: BigInt(year),
      month: BigInt(month),
      day: BigInt(day),
      seconds: BigInt(hours * 3600 + minute * 60 + second),
    },
    UTC,
  );
  return local - BigInt(offset);
}

/** Takes `prefix` off, runs of spaces being alike; undefined where something else stands. */
function skip(text: string, prefix: string): string | undefined {
  let at = 0;
  let index = 0;
  while (index < prefix.length) {
    if (prefix[index] !== ' ') {
      if (text[at++] !== prefix[index++]) return undefined;
      continue;
    }
    if (at < text.length && text[at] !== ' ') return undefined;
    while (prefix[index] === ' ') index++;
    while (text[at] === ' ') at++;
  }
  return text.slice(at);
}

/** Fills in month and day; what is wrong with them otherwise. */
function settleDate(fields: Fields): string | undefined {
  if (fields.dayOfYear >= 0) {
    const date = dateOfDay(fields.dayOfYear, fields.year);
    if (!date) return 'day-of-year out of range';
    if (fields.month >= 0 && fields.month !== date.month) return 'day-of-year does not match month';
    fields.month = date.month;
    if (fields.day >= 0 && fields.day !== date.day) return 'day-of-year does not match day';
    fields.day = date.day;
  }
  if (fields.month < 0) fields.month = 1;
  if (fields.day < 0) fields.day = 1;
  const exists = fields.day >= 1 && fields.day <= daysInMonth(fields.month, fields.year);
  return exists ? undefined : 'day out of range';
}

function dateOfDay(dayOfYear: number, year: number): { month: number; day: number } | undefined {
  if (dayOfYear < 1 || dayOfYear > (isLeap(year) ? 366 : 365)) return undefined;
  let month = 1;
  let day = dayOfYear;
  while (day > daysInMonth(month, year)) day -= daysInMonth(month++, year);
  return { month, day };
}

/** One or two digits, or exactly two. */
function number(text: string, exactlyTwo: boolean): [number, string] {
  const digits = /^\d\d?/.exec(text)?.[0] ?? '';
  if (digits === '' || (exactlyTwo && digits.length < 2)) throw new Refusal();
  return [Number(digits), text.slice(digits.length)];
}

const within =
  (field: 'month' | 'hour' | 'minute', limits: readonly [number, number], exactlyTwo: boolean): Reader =>
  (text, fields) => {
    const [value, rest] = number(text, exactlyTwo);
    if (value < limits[0] || value > limits[1]) throw new Refusal(field);
    fields[field] = value;
    return rest;
  };

function named(names: readonly string[], text: string): [number, string] {
  const index = names.findIndex((name) => text.slice(0, name.length).toLowerCase() === name.toLowerCase());
  const name = names[index];
  if (name === undefined) throw new Refusal();
  return [index, text.slice(name.length)];
}

const short = (names: readonly string[]): readonly string[] => names.map((name) => name.slice(0, 3));

const month =
  (names: readonly string[]): Reader =>
  (text, fields) => {
    const [index, rest] = named(names, text);
    fields.month = index + 1;
    return rest;
  };

/** Go reads the day of the week and does not ask whether it is the right one. */
const weekday =
  (names: readonly string[]): Reader =>
  (text) =>
    named(names, text)[1];

const day =
  (spaces: boolean, exactlyTwo: boolean): Reader =>
  (text, fields) => {
    const [value, rest] = number(spaces ? text.replace(/^ /, '') : text, exactlyTwo);
    fields.day = value;
    return rest;
  };

const dayOfYear =
  (spaces: boolean): Reader =>
  (text, fields) => {
    const trimmed = spaces ? text.replace(/^ {1,2}/, '') : text;
    const digits = /^\d{1,3}/.exec(trimmed)?.[0] ?? '';
    if (digits === '' || (!spaces && digits.length < 3)) throw new Refusal();
    fields.dayOfYear = Number(digits);
    return trimmed.slice(digits.length);
  };

const second =
  (exactlyTwo: boolean): Reader =>
  (text, fields, _chunk, next) => {
    const [value, rest] = number(text, exactlyTwo);
    if (value > 59) throw new Refusal('second');
    fields.second = value;
    // A fraction that the layout does not mention.
    if (next?.element === 'fraction') return rest;
    const [nanos, end] = looseFraction(rest);
    if (nanos !== undefined) fields.nanos = nanos;
    return end;
  };

function looseFraction(text: string): [number | undefined, string] {
  const written = /^[.,](\d+)/.exec(text);
  return written ? [nanosOf(written[1] ?? ''), text.slice(written[0].length)] : [undefined, text];
}

const nanosOf = (digits: string): number => Number(digits.slice(0, 9).padEnd(9, '0'));

const fraction: Reader = (text, fields, chunk) => {
  if (chunk.written.includes('9')) {
    const [nanos, rest] = looseFraction(text);
    if (nanos !== undefined) fields.nanos = nanos;
    return rest;
  }
  const length = 1 + fractionDigits(chunk.written);
  // Go's number may have a sign, and a negative one is out of range.
  const written = /^[.,]([+-]?)(\d*)$/.exec(text.slice(0, Math.min(length, 10)));
  if (text.length < length || !written) throw new Refusal();
  const [, sign = '', digits = ''] = written;
  const value = nanosOf(sign === '' ? digits : `0${digits}`);
  if (sign === '-' && value > 0) throw new Refusal('fractional second');
  fields.nanos = value;
  return text.slice(length);
};

const half =
  (names: readonly [string, string]): Reader =>
  (text, fields) => {
    const given = text.slice(0, 2);
    if (!names.includes(given)) throw new Refusal();
    fields.half = given === names[0] ? 'AM' : 'PM';
    return text.slice(2);
  };

const offset: Reader = (text, fields, { written }) => {
  if (written.startsWith('Z') && text.startsWith('Z')) {
    fields.offset = 0;
    return text.slice(1);
  }
  const match = OFFSETS[written.slice(1)]?.exec(text);
  if (!match) throw new Refusal();
  const [hours, minutes, seconds] = [match[2], match[3], match[4]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  // With > where one expects >=: people do write 24:00.
  if (seconds > 60) throw new Refusal('time zone offset second');
  if (minutes > 60) throw new Refusal('time zone offset minute');
  if (hours > 24) throw new Refusal('time zone offset hour');
  fields.offset = (match[1] === '-' ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds);
  return text.slice(match[0].length);
};

const OFFSETS: Readonly<Record<string, RegExp>> = {
  '07': /^([+-])(\d\d)/,
  '0700': /^([+-])(\d\d)(\d\d)/,
  '07:00': /^([+-])(\d\d):(\d\d)/,
  '070000': /^([+-])(\d\d)(\d\d)(\d\d)/,
  '07:00:00': /^([+-])(\d\d):(\d\d):(\d\d)/,
};

/** Go's `parseTimeZone`. To Go an abbreviation says nothing about the instant, not even GMT with an offset. */
const zoneName: Reader = (text, fields) => {
  if (text.startsWith('UTC')) {
    fields.offset = 0;
    return text.slice(3);
  }
  const name = /^(?:ChST|MeST|GMT|[A-Z]{6}|[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3,5}|[+-])/.exec(text)?.[0];
  if (name === undefined || text.length < 3) throw new Refusal();
  if (name === 'GMT' || name === '+' || name === '-') {
    const signed = text.slice(name === 'GMT' ? 3 : 0);
    const hours = /^[+-]\d+/.exec(signed)?.[0] ?? '';
    const counts = hours !== '' && Number(hours.slice(1)) <= 23;
    if (!counts && name !== 'GMT') throw new Refusal();
    return counts ? signed.slice(hours.length) : signed;
  }
  const isZone =
    name.length === 3 ||
    name === 'ChST' ||
    name === 'MeST' ||
    name === 'WITA' ||
    (name.length < 6 && name.endsWith('T'));
  if (!isZone) throw new Refusal();
  return text.slice(name.length);
};

const READERS: Readonly<Record<Chunk['element'], Reader>> = {
  '2006': (text, fields) => {
    if (!/^\d{4}/.test(text)) throw new Refusal();
    fields.year = Number(text.slice(0, 4));
    return text.slice(4);
  },
  '06': (text, fields) => {
    // Go's number may have a sign here.
    if (!/^(?:\d\d|[+-]\d)/.test(text)) throw new Refusal();
    const year = Number(text.slice(0, 2));
    fields.year = year >= 69 ? year + 1900 : year + 2000;
    return text.slice(2);
  },
  January: month(MONTHS),
  Jan: month(short(MONTHS)),
  '1': within('month', [1, 12], false),
  '01': within('month', [1, 12], true),
  Monday: weekday(WEEKDAYS),
  Mon: weekday(short(WEEKDAYS)),
  '2': day(false, false),
  _2: day(true, false),
  '02': day(false, true),
  __2: dayOfYear(true),
  '002': dayOfYear(false),
  '15': within('hour', [0, 23], false),
  '3': within('hour', [0, 12], false),
  '03': within('hour', [0, 12], true),
  '4': within('minute', [0, 59], false),
  '04': within('minute', [0, 59], true),
  '5': second(false),
  '05': second(true),
  PM: half(['AM', 'PM']),
  pm: half(['am', 'pm']),
  MST: zoneName,
  offset,
  fraction,
};

/** Go's own quoting in package time: bytes that are no printable ASCII as `\xNN`. */
export function quoted(text: string): string {
  const escaped = [...text].map((each) => {
    if (each === '"' || each === '\\') return `\\${each}`;
    return each >= ' ' && each < '\u0080'
      ? each
      : [...Buffer.from(each)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `"${escaped.join('')}"`;
}
