/** Undefined unless the text is the one canonical encoding: Node's decoder skips junk and ignores spare bits. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
