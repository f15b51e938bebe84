import { BuiltinError } from '../value/builtin-error.js';
import { bytesOf, DerReader, encodeDer, integerOf, parseOid, rightAligned, TAG } from './der.js';

const reader = (hex: string): DerReader => new DerReader(Buffer.from(hex, 'hex'));

describe('DER', () => {
  it('reads what it writes, of any length', () => {
    for (const length of [0, 127, 128, 255, 256, 65_536]) {
      const content = Buffer.alloc(length, 7);
      expect(new DerReader(encodeDer(TAG.octetString, content)).read(TAG.octetString)).toEqual(content);
    }
  });

  it.each([
    ['no length', '04'],
    ['less than its length', '040201'],
    ['a length longer than it need be', '04810101'],
    ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
    ['no definite length', '04800000'],
    ['a length of five bytes', '04850000000001ff'],
    ['a tag of several bytes', '1f810100'],
  ])('is refused with %s', (_, hex) => {
    expect(() => reader(hex).any()).toThrow(BuiltinError);
  });

  it('has integers with a sign, in their shortest form', () => {
    expect(reader('0201ff').integer()).toBe(-1n);
    expect(reader('020200ff').integer()).toBe(255n);
    expect(reader('0202ff7f').integer()).toBe(-129n);
  });

  it.each(['0200', '0202007f', '0202ff80'])('refuses the integer %s', (hex) => {
    expect(() => reader(hex).integer()).toThrow(BuiltinError);
  });

  it('has identifiers whose first two numbers share a byte', () => {
    expect(parseOid(Buffer.from('550403', 'hex'))).toEqual([2, 5, 4, 3]);
    expect(parseOid(Buffer.from('883703', 'hex'))).toEqual([2, 999, 3]);
    expect(() => parseOid(Buffer.from('558003', 'hex'))).toThrow(BuiltinError);
    expect(() => parseOid(Buffer.from('5583', 'hex'))).toThrow(BuiltinError);
  });

  it('has strings of bits, which are read from the right', () => {
    expect(rightAligned(reader('0303041230').bitString())).toEqual(Buffer.from('0123', 'hex'));
    expect(() => reader('0303041231').bitString()).toThrow(BuiltinError);
  });

  it('has numbers as bytes', () => {
    expect(bytesOf(1n, 4).toString('hex')).toBe('00000001');
    expect(integerOf(bytesOf(2n ** 100n))).toBe(2n ** 100n);
  });
});
