/** Go's `time.RFC3339` as its parser takes it: one-digit hours and a decimal comma pass, lower-case t and z do not. */
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Nanoseconds since 1970-01-01T00:00:00Z, as OPA's `time.parse_rfc3339_ns` counts them; digits beyond nine are
 * cut. Undefined when the text is no such time or its nanoseconds do not fit 64 bits (years 1677 to 2262).
 */
export function parseRfc3339Nanos(text: string): bigint | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const field = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(field) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [zoneHour, zoneMinute] = [field(9), field(10)];
  // Go checks zones with > where one expects >=: 24:60 is a zone.
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 24 || zoneMinute > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;

  const zoneSeconds = (match[8] === '-' ? -1 : 1) * (zoneHour * 3600 + zoneMinute * 60);
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - zoneSeconds;
  const fraction = (match[7] ?? '').slice(0, 9).padEnd(9, '0');
  const nanos = BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
  return nanos >= MIN_INT64 && nanos <= MAX_INT64 ? nanos : undefined;
}
