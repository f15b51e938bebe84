import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Builtin, BuiltinFamily } from './builtin.js';
import { text } from './operands.js';

const digest =
  (algorithm: string): Builtin =>
  (_, given) =>
    createHash(algorithm).update(text(given, 1)).digest('hex');

const hmac =
  (algorithm: string): Builtin =>
  (_, message, key) => {
    const [data, secret] = [text(message, 1), text(key, 2)];
    return createHmac(algorithm, secret).update(data).digest('hex');
  };

/** Digests of a text's UTF-8 bytes, in lower-case hexadecimal. */
export const DIGESTS: BuiltinFamily = {
  'crypto.md5': digest('md5'),
  'crypto.sha1': digest('sha1'),
  'crypto.sha256': digest('sha256'),
  'crypto.hmac.md5': hmac('md5'),
  'crypto.hmac.sha1': hmac('sha1'),
  'crypto.hmac.sha256': hmac('sha256'),
  'crypto.hmac.sha512': hmac('sha512'),
  'crypto.hmac.equal': (_, first, second) => {
    const [a, b] = [Buffer.from(text(first, 1)), Buffer.from(text(second, 2))];
    return a.length === b.length && timingSafeEqual(a, b);
  },
};
