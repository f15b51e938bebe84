import { type Chunk, fractionDigits, type Layout, MONTHS, WEEKDAYS } from './layout.js';
import { type GoTime, type WallTime, wallTime } from './time.js';

/** Go's `Time.Format`. */
export function formatTime(time: GoTime, layout: Layout): string {
  const wall = wallTime(time);
  const parts = layout.chunks.map((chunk) => chunk.before + elementText(chunk, wall, time.nanos));
  return parts.join('') + layout.after;
}

const padded = (value: number, width: number, fill = '0'): string => String(value).padStart(width, fill);

function elementText(chunk: Chunk, wall: WallTime, nanos: number): string {
  const hour12 = wall.hour % 12 === 0 ? 12 : wall.hour % 12;
  switch (chunk.element) {
    case '2006':
      return padded(wall.year, 4);
    case '06':
      return padded(wall.year % 100, 2);
    case 'January':
      return MONTHS[wall.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[wall.month - 1] ?? '').slice(0, 3);
    case '1':
      return String(wall.month);
    case '01':
      return padded(wall.month, 2);
    case 'Monday':
      return WEEKDAYS[wall.weekday] ?? '';
    case 'Mon':
      return (WEEKDAYS[wall.weekday] ?? '').slice(0, 3);
    case '2':
      return String(wall.day);
    case '_2':
      return padded(wall.day, 2, ' ');
    case '02':
      return padded(wall.day, 2);
    case '__2':
      return padded(wall.dayOfYear, 3, ' ');
    case '002':
      return padded(wall.dayOfYear, 3);
    case '15':
      return padded(wall.hour, 2);
    case '3':
      return String(hour12);
    case '03':
      return padded(hour12, 2);
    case '4':
      return String(wall.minute);
    case '04':
      return padded(wall.minute, 2);
    case '5':
      return String(wall.second);
    case '05':
      return padded(wall.second, 2);
    case 'PM':
      return wall.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return wall.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return wall.abbreviation;
    case 'offset':
      return offsetText(wall.offset, chunk.written);
    case 'fraction':
      return fractionText(nanos, chunk.written);
  }
}

/** `written` says whether UTC is `Z`, whether colons part the numbers and how many numbers there are. */
function offsetText(offset: number, written: string): string {
  if (offset === 0 && written.startsWith('Z')) return 'Z';
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const numbers = [
    padded(Math.trunc(minutes / 60), 2),
    padded(minutes % 60, 2),
    padded(Math.abs(offset) % 60, 2),
  ];
  const count = written.replace(/\D/g, '').length / 2;
  // Go looks at whole minutes for the sign.
  const sign = offset <= -60 ? '-' : '+';
  return sign + numbers.slice(0, count).join(written.includes(':') ? ':' : '');
}

function fractionText(nanos: number, written: string): string {
  const digits = padded(nanos, 9).slice(0, fractionDigits(written));
  if (!written.includes('9')) return written.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : written.charAt(0) + trimmed;
}
