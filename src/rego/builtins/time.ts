import type { RegoValue } from '../value/rego-value.js';
import { asInteger } from '../value/rego-number.js';
import { isArray, isNumber } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { parseDuration } from '../go/duration.js';
import { readLayout, WEEKDAYS } from '../go/layout.js';
import { daysInMonth, fromNanos, type GoTime, toNanos, unixOf, wallTime } from '../go/time.js';
import { formatTime } from '../go/time-format.js';
import { parseTime } from '../go/time-parse.js';
import { fromInteger, int64, number, text, wrongType } from './operands.js';
import { UTC, type Zone, zoneNamed } from '../go/time-zones.js';

/** Times as OPA has them: nanoseconds since 1970 in 64 bits, alone or as `[ns, zone, layout]`. */
export const TIME: BuiltinFamily = {
  'time.now_ns': ({ instant }) => fromInteger(BigInt(instant) * 1_000_000n),
  'time.parse_ns': (_, layout, value) => fromInteger(parseTime(readLayout(text(layout, 1)), text(value, 2))),
  'time.parse_rfc3339_ns': (_, value) => fromInteger(parseTime(RFC3339, text(value, 1))),
  'time.parse_duration_ns': (_, value) => fromInteger(parseDuration(text(value, 1))),
  'time.format': (_, given) => {
    const { time, layout } = moment(given);
    return formatTime(time, layout === '' ? RFC3339_NANO : readLayout(layout));
  },
  'time.date': (_, given) => {
    const { year, month, day } = wallTime(moment(given).time);
    return [year, month, day];
  },
  'time.clock': (_, given) => {
    const { hour, minute, second } = wallTime(moment(given).time);
    return [hour, minute, second];
  },
  'time.weekday': (_, given) => WEEKDAYS[wallTime(moment(given).time).weekday],
  'time.add_date': (_, ...operands) => {
    const [given, years, months, days] = operands;
    const { time } = moment(given);
    return fromInteger(addDate(time, int64(years, 2), int64(months, 3), int64(days, 4)));
  },
  'time.diff': (_, from, to) => difference(moment(from).time, moment(to).time),
};

const RFC3339 = readLayout('RFC3339');
const RFC3339_NANO = readLayout('RFC3339Nano');

/** OPA's `tzTime`. */
function moment(given: RegoValue | undefined): { readonly time: GoTime; readonly layout: string } {
  const parts = given !== undefined && isArray(given) ? given : [given];
  const [first, zone, layout] = parts;
  if (first === undefined || (!isNumber(first) && parts[0] === given))
    throw wrongType(1, given, 'either number (ns) or [number (ns), string (tz)]');
  const nanos = number(first, 1);
  const inZone = zone === undefined ? UTC : zoneOf(text(zone, 1));
  const asLayout = layout === undefined ? '' : text(layout, 1);
  const whole = asInteger(nanos);
  if (whole === undefined || BigInt.asIntN(64, whole) !== whole) throw new BuiltinError('timestamp too big');
  return { time: fromNanos(whole, inZone), layout: asLayout };
}

function zoneOf(name: string): Zone {
  if (name === '' || name === 'UTC') return UTC;
  // Go would take the machine's own zone.
  if (name === 'Local') throw new BuiltinError('time zone Local is not the same everywhere');
  const zone = zoneNamed(name);
  if (!zone) throw new BuiltinError(`unknown time zone ${name}`);
  return zone;
}

function addDate(time: GoTime, years: bigint, months: bigint, days: bigint): bigint {
  const { year, month, day, hour, minute, second } = wallTime(time);
  const date = { year: BigInt(year) + years, month: BigInt(month) + months, day: BigInt(day) + days };
  const seconds = BigInt(hour * 3600 + minute * 60 + second);
  return toNanos(unixOf({ ...date, seconds }, time.zone), time.nanos);
}

/** Years, months, days, hours, minutes and seconds between two times, on the calendar of the first one's zone. */
function difference(a: GoTime, b: GoTime): readonly number[] {
  const isLater = a.unix === b.unix ? a.nanos > b.nanos : a.unix > b.unix;
  const inZone = { ...b, zone: a.zone };
  const from = wallTime(isLater ? inZone : a);
  const to = wallTime(isLater ? a : inZone);

  let second = to.second - from.second;
  let minute = to.minute - from.minute;
  let hour = to.hour - from.hour;
  let day = to.day - from.day;
  let month = to.month - from.month;
  let year = to.year - from.year;
  if (second < 0) [second, minute] = [second + 60, minute - 1];
  if (minute < 0) [minute, hour] = [minute + 60, hour - 1];
  if (hour < 0) [hour, day] = [hour + 24, day - 1];
  if (day < 0) [day, month] = [day + daysInMonth(from.month, from.year), month - 1];
  if (month < 0) [month, year] = [month + 12, year - 1];
  return [year, month, day, hour, minute, second];
}
