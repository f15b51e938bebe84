import fc from 'fast-check';
import { PayloadWatch } from './payload-watch.js';

/** Put together at run time, so that nothing that looks like a secret stands in the repository. */
const TOKEN = ['gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');
const statement = (note: string): string =>
  JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', predicate: { note }, subject: [] });
const envelope = (note: string, encoding: 'base64' | 'base64url' = 'base64'): string =>
  JSON.stringify({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(statement(note)).toString(encoding),
    signatures: [{ sig: 'AAAA' }],
  });

function watched(text: string, cuts: readonly number[] = []): boolean {
  const watch = new PayloadWatch();
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    watch.push(text.slice(at, cut));
    at = Math.max(at, cut);
  }
  watch.push(text.slice(at));
  return watch.end();
}

describe('a payload in base64', () => {
  it.each([
    ['standard', envelope(`token ${TOKEN}`)],
    ['for URLs', envelope(`token ${TOKEN} ???>>>`, 'base64url')],
    ['with escapes', envelope(`>>>??? ${TOKEN}`).replaceAll('/', '\\/').replaceAll('+', '\\u002b')],
    ['in a bundle', JSON.stringify({ dsseEnvelope: JSON.parse(envelope(TOKEN)) as object })],
    ['behind white space', envelope(TOKEN).replace('"payload":', '"payload" \n : \t')],
    ['that nothing closes', envelope(TOKEN).slice(0, -40)],
    ['as the second', `[${envelope('nothing')},${envelope(TOKEN)}]`],
  ])('%s is looked into', (_, text) => {
    expect(watched(text)).toBe(true);
  });

  it('is looked into however it is cut', () => {
    const text = envelope(`a ${TOKEN} b`).replaceAll('+', '\\u002b');
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 60 }), (cuts) => watched(text, cuts)),
      { numRuns: 2000 },
    );
    expect(
      watched(
        text,
        Array.from(text, (_, at) => at),
      ),
    ).toBe(true);
  });

  it('without a secret is let through, and so is what is no payload', () => {
    expect(watched(envelope('nothing to see'))).toBe(false);
    expect(watched(JSON.stringify({ payload: 'not base64 at all, really' }))).toBe(false);
    expect(watched(`{"text":"${TOKEN}"}`)).toBe(false); // the masker's business
    expect(watched('')).toBe(false);
  });
});
