import { PatternMasker } from './pattern-masker.js';

/** A key of a signed envelope (DSSE, and what embeds one, such as a Sigstore bundle) and the quote that opens its value. */
const PAYLOAD = /"payload"\s{0,100}:\s{0,100}"/g;
/** So much of a chunk may be the beginning of the above. */
const KEY_LENGTH = 256;
const NO_KEY = new Uint8Array(32);

/**
 * Watches for secrets inside the base64 payloads of signed envelopes while a text streams by, however it is cut. Such
 * a secret cannot be masked: the signature is over it, and what was verified on receipt could not be verified again.
 * Linear in time; holds a few hundred characters. What is only looked for is never written.
 */
export class PayloadWatch {
  private open: { readonly found: PatternMasker; rest: string } | null = null;
  private before = '';
  private secrets = 0;

  /** In Latin-1, as the masker reads it. Answers whether a secret was found so far. */
  push(text: string): boolean {
    let left = text;
    while (left !== '') left = this.open ? this.inside(left) : this.outside(left);
    return this.holdsSecret;
  }

  /** Also of a payload that nothing closes. */
  end(): boolean {
    if (this.open) this.close();
    return this.holdsSecret;
  }

  private get holdsSecret(): boolean {
    return this.secrets + (this.open?.found.masked ?? 0) > 0;
  }

  private outside(text: string): string {
    const seen = this.before + text;
    PAYLOAD.lastIndex = 0;
    const found = PAYLOAD.exec(seen);
    if (!found) {
      this.before = seen.slice(-KEY_LENGTH);
      return '';
    }
    this.before = '';
    this.open = { found: new PatternMasker(NO_KEY), rest: '' };
    return seen.slice(found.index + found[0].length);
  }

  /** An escape in the value may stand for a character of base64 (`\/`, `\u002b`), never for its end. */
  private inside(text: string): string {
    const open = this.open;
    if (!open) return text;
    const quote = text.indexOf('"');
    const piece = open.rest + (quote < 0 ? text : text.slice(0, quote));
    const escape =
      quote < 0 ? (/\\(?:u[0-9a-fA-F]{0,3})?$/.exec(piece)?.index ?? piece.length) : piece.length;
    const plain = unescaped(piece.slice(0, escape)).replaceAll('-', '+').replaceAll('_', '/');
    const whole = quote < 0 ? plain.length - (plain.length % 4) : plain.length;
    open.rest = plain.slice(whole) + piece.slice(escape);
    if (whole > 0) open.found.push(Buffer.from(plain.slice(0, whole), 'base64').toString('latin1'));
    if (quote < 0) return '';
    this.close();
    return text.slice(quote + 1);
  }

  private close(): void {
    this.open?.found.end();
    this.secrets += this.open?.found.masked ?? 0;
    this.open = null;
  }
}

const unescaped = (text: string): string =>
  text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('\\', '');
