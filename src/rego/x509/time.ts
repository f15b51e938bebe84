import { malformed, TAG, type DerReader } from '../keys/der.js';

/**
 * A time of a certificate as Go reads it: UTCTime with or without seconds, GeneralizedTime without fractions, `Z` or
 * an offset, exactly as DER spells them.
 */
export interface CertificateTime {
  /** Milliseconds since the epoch. */
  readonly instant: number;
  /** RFC 3339 in the zone it was written in: how Go writes it as JSON. */
  readonly text: string;
}

export function readTime(reader: DerReader): CertificateTime {
  if (reader.peeks(TAG.utcTime)) return parseUtcTime(reader.read(TAG.utcTime).toString('latin1'));
  return parseTime(reader.read(TAG.generalizedTime).toString('latin1'), 4, true);
}

export function parseUtcTime(text: string): CertificateTime {
  const zone = zoneAt(text);
  return parseTime(text, 2, zone !== 10);
}

export const parseGeneralizedTime = (text: string): CertificateTime => parseTime(text, 4, true);

function zoneAt(text: string): number {
  let at = 0;
  while (at < text.length && isDigit(text, at)) at++;
  return at;
}

function parseTime(text: string, yearDigits: 2 | 4, seconds: boolean): CertificateTime {
  const zone = zoneAt(text);
  if (zone !== yearDigits + (seconds ? 10 : 8)) throw malformed('time');
  const number = (from: number): number => Number(text.slice(from, from + 2));
  const at = yearDigits;
  const year = yearDigits === 2 ? fullYear(number(0)) : Number(text.slice(0, 4));
  const [month, day, hour, minute] = [number(at), number(at + 2), number(at + 4), number(at + 6)];
  const second = seconds ? number(at + 8) : 0;
  const offset = parseZone(text.slice(zone));
  const local = Date.UTC(2000, month - 1, day, hour, minute, second);
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth) throw malformed('time');
  if (hour > 23 || minute > 59 || second > 59) throw malformed('time');
  const whole = new Date(local);
  whole.setUTCFullYear(year, month - 1, day);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return {
    instant: whole.getTime() - offset.minutes * 60_000,
    text: `${date}T${two(hour)}:${two(minute)}:${two(second)}${offset.text}`,
  };
}

/** RFC 5280, 4.1.2.5.1 */
const fullYear = (short: number): number => (short >= 50 ? 1900 + short : 2000 + short);

/** `Z`, or an offset that is not zero: DER has one spelling for each. */
function parseZone(text: string): { readonly minutes: number; readonly text: string } {
  if (text === 'Z') return { minutes: 0, text: 'Z' };
  const sign = text[0];
  if (text.length !== 5 || (sign !== '+' && sign !== '-')) throw malformed('time');
  for (let at = 1; at < 5; at++) if (!isDigit(text, at)) throw malformed('time');
  const [hours, rest] = [text.slice(1, 3), text.slice(3)];
  const minutes = Number(hours) * 60 + Number(rest);
  if (Number(hours) > 24 || Number(rest) > 59 || minutes === 0) throw malformed('time');
  return { minutes: sign === '-' ? -minutes : minutes, text: `${sign}${hours}:${rest}` };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
