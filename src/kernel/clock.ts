/** Milliseconds since 1970-01-01T00:00:00Z. Times travel as RFC 3339 UTC text and are compared as numbers. */
export type Instant = number;

/** The only source of "now". Injected, so that one evaluation has one instant and tests own theirs. */
export interface Clock {
  now(): Instant;
}

/** `2026-11-20T19:30:00.000Z`: always UTC, always milliseconds, so equal instants are equal text. */
export const toRfc3339 = (instant: Instant): string => new Date(instant).toISOString();

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Undefined when the text is not an RFC 3339 date-time (a zone is required). Beyond milliseconds is cut. */
export function parseRfc3339(text: string): Instant | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
