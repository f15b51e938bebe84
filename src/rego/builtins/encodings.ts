import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { goText } from '../go/utf8.js';
import { text } from './operands.js';

/** Bytes as text and back. */
export const ENCODINGS: BuiltinFamily = {
  'hex.encode': (_, given) => Buffer.from(text(given, 1)).toString('hex'),
  'hex.decode': (_, given) => fromHex(text(given, 1)),
  'base64url.encode_no_pad': (_, given) => Buffer.from(text(given, 1)).toString('base64url'),
};

function fromHex(given: string): string {
  const wrong = /[^0-9a-f]/i.exec(given)?.[0];
  if (wrong !== undefined) throw new BuiltinError(`encoding/hex: invalid byte: ${JSON.stringify(wrong)}`);
  if (given.length % 2 === 1) throw new BuiltinError('encoding/hex: odd length hex string');
  return goText(Buffer.from(given, 'hex'));
}
