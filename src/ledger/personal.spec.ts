import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { newDataKey, openRecord, recordContext, seal, sealRecord, unseal } from './personal.js';

const key = newDataKey();
const context = recordContext('p_1', Buffer.alloc(16));
const record = { principalId: 'ann', fields: { name: 'Ann' } };

describe('sealing', () => {
  it('opens with its key and in its context only', () => {
    const sealed = seal(key, Buffer.from('text'), context);
    expect(unseal(key, sealed, context)?.toString()).toBe('text');
    expect(unseal(newDataKey(), sealed, context)).toBeUndefined();
    expect(unseal(key, sealed, recordContext('p_2', Buffer.alloc(16)))).toBeUndefined();
    expect(unseal(key, sealed, recordContext('p_1', Buffer.alloc(16, 1)))).toBeUndefined();
  });

  it('shows every changed bit and every lost byte', () => {
    const sealed = seal(key, Buffer.from('text'), context);
    for (let at = 0; at < sealed.length; at += 1) {
      expect(unseal(key, sealed.subarray(0, at), context)).toBeUndefined();
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        expect(unseal(key, changed, context)).toBeUndefined();
      }
    }
  });

  it('never gives the same bytes twice, nor the same commitment', () => {
    const [a, b] = [sealRecord(key, record, context), sealRecord(key, record, context)];
    expect(a.ciphertext).not.toEqual(b.ciphertext);
    expect(a.commitment).not.toBe(b.commitment);
  });

  it('gives back any record with the commitment that was signed', () => {
    const text = fc.string({ unit: 'grapheme' });
    const fields = fc.dictionary(
      text.filter((k) => k !== '__proto__'),
      text,
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.record({ principalId: text, fields }, { noNullPrototype: true }), (given) => {
        const where = recordContext(randomBytes(4).toString('hex'), randomBytes(16));
        const { ciphertext, commitment } = sealRecord(key, given, where);
        expect(openRecord(key, ciphertext, where)).toEqual({ record: given, commitment });
      }),
    );
  });
});
