/** Which alphabet, and whether the text ends in `=`: Go's four encodings. */
export interface Base64Form {
  readonly url: boolean;
  readonly padded: boolean;
}

export const STD: Base64Form = { url: false, padded: true };
const URL_PADDED: Base64Form = { url: true, padded: true };

/**
 * As Go's `encoding/base64` decodes: line ends anywhere, strict about padding and alphabet, indulgent about the
 * unused bits of the last character. Undefined where Go reports an error; Node's own decoder skips what it does
 * not know, so two texts that differ could stand for the same bytes.
 */
export function decodeBase64(text: string, form: Base64Form): Buffer | undefined {
  let characters = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) continue;
    if (code === 61) {
      padding++;
      continue;
    }
    if (padding > 0 || !isOfAlphabet(code, form.url)) return undefined;
    characters++;
  }
  const rest = characters % 4;
  const missing = form.padded && rest > 0 ? 4 - rest : 0;
  if (rest === 1 || padding !== missing) return undefined;
  return Buffer.from(text, 'base64');
}

function isOfAlphabet(code: number, url: boolean): boolean {
  if (code >= 48 && code <= 57) return true;
  if (code >= 65 && code <= 90) return true;
  if (code >= 97 && code <= 122) return true;
  return url ? code === 45 || code === 95 : code === 43 || code === 47;
}

/** OPA's `base64url.decode`: padding may be left out. */
export function decodeBase64Url(text: string): Buffer | undefined {
  if (text.endsWith('=')) return decodeBase64(text, URL_PADDED);
  const missing = (4 - (text.length % 4)) % 4;
  return missing === 3 ? undefined : decodeBase64(text + '='.repeat(missing), URL_PADDED);
}

/** For the members of a JWK, where jwx takes whichever of the four forms the text looks like. */
export function decodeAnyBase64(text: string): Buffer | undefined {
  const url = !text.includes('+') && !text.includes('/');
  return decodeBase64(text, { url, padded: text.endsWith('=') });
}
