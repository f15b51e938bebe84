import { decodeBase64, STD } from '../go/base64.js';

export interface PemBlock {
  readonly type: string;
  readonly bytes: Buffer;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

/**
 * The first PEM block of the text and what follows it, found the way Go's `encoding/pem` finds it: text before
 * the block is skipped, blocks that do not parse are skipped, and the last BEGIN before an END counts. One pass:
 * every failed attempt continues after the END line it has seen.
 */
export function decodePem(text: string): { readonly block: PemBlock; readonly rest: string } | undefined {
  let from = 0;
  for (;;) {
    const end = text.indexOf(END, from);
    if (end < 0) return undefined;
    const found = blockBefore(text, from, end);
    if (typeof found !== 'number') return found;
    from = found;
  }
}

/** All blocks of the text, in order. */
export function decodePems(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let rest = text;
  for (;;) {
    const found = decodePem(rest);
    if (!found) return blocks;
    blocks.push(found.block);
    rest = found.rest;
  }
}

type Attempt = { readonly block: PemBlock; readonly rest: string } | number | undefined;

/** The block that ends at the END line found at `end`, or where to look on, or nothing when Go gives up. */
function blockBefore(text: string, from: number, end: number): Attempt {
  const trailer = end + END.length;
  const begin = lastBegin(text, from, end);
  if (begin === undefined) return trailer;
  const head = lineAt(text, begin + BEGIN.length);
  if (!head.line.endsWith(DASHES)) return trailer;
  const type = head.line.slice(0, -DASHES.length);

  const body = afterHeaders(text, head.next);
  if (body === undefined) return undefined;
  // With headers there must be a line end between them and the END line; without, the body may be empty.
  if (body !== head.next && body > end) return body > trailer ? undefined : trailer;

  const close = `${type}${DASHES}`;
  if (!text.startsWith(close, trailer)) return trailer;
  if (lineAt(text, trailer + close.length).line !== '') return trailer;
  const bytes = end > body ? decodeBase64(withoutBlanks(text.slice(body, end)), STD) : Buffer.alloc(0);
  if (!bytes) return trailer;
  return { block: { type, bytes }, rest: text.slice(lineAt(text, trailer).next) };
}

function lastBegin(text: string, from: number, end: number): number | undefined {
  const begin = text.slice(from, end).lastIndexOf(BEGIN);
  if (begin < 0 || (begin > 0 && text[from + begin - 1] !== '\n')) return undefined;
  return from + begin;
}

/** The offset of the first line without a colon; undefined when there is none. */
function afterHeaders(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const { line, next } = lineAt(text, at);
    if (!line.includes(':')) return at;
    at = next;
  }
  return undefined;
}

function lineAt(text: string, from: number): { readonly line: string; readonly next: number } {
  const newline = text.indexOf('\n', from);
  if (newline < 0) return { line: trimBlanks(text.slice(from)), next: text.length };
  const end = newline > from && text[newline - 1] === '\r' ? newline - 1 : newline;
  return { line: trimBlanks(text.slice(from, end)), next: newline + 1 };
}

function trimBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}

const withoutBlanks = (text: string): string => text.replaceAll(' ', '').replaceAll('\t', '');
