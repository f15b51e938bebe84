/** Bytes `start` up to and with `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a request asks of a representation. `whole`: all of it, for no range was asked for that has to be honoured. */
export type Wanted = 'whole' | 'unsatisfiable' | ByteRange;

/**
 * RFC 9110 §14.2: one range of bytes. What is malformed, names another unit or asks for several ranges is ignored, as
 * a server may; so is a range whose `If-Range` is not this very representation (§13.1.5: a weak tag or a date is not).
 */
export function wantedRange(
  {
    range,
    'if-range': validator,
  }: { readonly range?: string | undefined; readonly 'if-range'?: string | string[] | undefined },
  { etag, size }: { readonly etag: string; readonly size: number },
): Wanted {
  const [, first, last] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (validator !== undefined && validator !== etag) return 'whole';
  if (first === '') {
    const length = Number(last);
    return length === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
}
