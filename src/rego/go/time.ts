import { BuiltinError } from '../value/builtin-error.js';
import type { Zone } from './time-zones.js';

/** A point in time in a zone, within what 64 bits of nanoseconds since 1970 hold: the years 1677 to 2262. */
export interface GoTime {
  /** Whole seconds since 1970, rounded down. */
  readonly unix: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
  readonly zone: Zone;
}

/** What a clock and a calendar on the wall show. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 1. */
  readonly dayOfYear: number;
  /** From Sunday, which is 0. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
}

const BILLION = 1_000_000_000n;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const DAY_SECONDS = 86_400n;
/** Seconds from 0001-01-01, where Go's time starts, to 1970-01-01. */
const UNIX_TO_INTERNAL = 62_135_596_800n;
/** Go counts years from this far back, which overflows as its 64 bits do. */
const ABSOLUTE_YEARS = 292_277_022_400n;
const ABSOLUTE_TO_UNIX = -((ABSOLUTE_YEARS * 3_652_425n) / 10_000n + 306n) * DAY_SECONDS - UNIX_TO_INTERNAL;

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);

export function fromNanos(nanos: bigint, zone: Zone): GoTime {
  const rest = ((nanos % BILLION) + BILLION) % BILLION;
  return { unix: Number((nanos - rest) / BILLION), nanos: Number(rest), zone };
}

/** OPA's `toSafeUnixNano`. */
export function toNanos(unix: bigint, nanos: number): bigint {
  const internal = int64(unix + UNIX_TO_INTERNAL);
  const result = (internal - UNIX_TO_INTERNAL) * BILLION + BigInt(nanos);
  if (result < MIN_INT64 || result > MAX_INT64) throw new BuiltinError('time outside of valid range');
  return result;
}

export function wallTime({ unix, zone }: GoTime): WallTime {
  const { offset, abbreviation } = zone.at(unix);
  const date = new Date((unix + offset) * 1000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    dayOfYear:
      (Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000 + 1,
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    offset,
    abbreviation,
  };
}

/** A date of any size: months and days beyond their range move into the next. */
export interface LooseDate {
  readonly year: bigint;
  readonly month: bigint;
  readonly day: bigint;
  /** Within the day. */
  readonly seconds: bigint;
}

/** Go's `time.Date`: seconds since 1970. Where the clock skips or repeats an hour it takes what Go takes. */
export function unixOf(date: LooseDate, zone: Zone): bigint {
  const monthIndex = int64(date.month - 1n);
  const months = ((monthIndex % 12n) + 12n) % 12n;
  const year = int64(date.year + (monthIndex - months) / 12n);
  const days = absoluteDays(year, months + 1n, int64(date.day));
  const local = int64(int64(days) * DAY_SECONDS + date.seconds + ABSOLUTE_TO_UNIX);

  const first = zone.at(Number(local));
  const utc = Number(local) - first.offset;
  const fits = utc >= first.start && utc < first.end;
  return int64(local - BigInt(fits ? first.offset : zone.at(utc).offset));
}

/** Go's `dateToAbsDays`: days since 1 March of the year where Go starts to count. */
function absoluteDays(year: bigint, month: bigint, day: bigint): bigint {
  const janFeb = month < 3n ? 1n : 0n;
  const shifted = uint64(year - janFeb + ABSOLUTE_YEARS);
  const dayOfYear = (979n * (month + 12n * janFeb) - 2919n) >> 5n;
  const century = shifted / 100n;
  const dayOfCentury = (1461n * (shifted % 100n)) / 4n;
  const days = uint64(146_097n * century) / 4n + uint64(dayOfCentury + dayOfYear + day - 1n);
  return uint64(days);
}

export const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInMonth = (month: number, year: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
