import { decodePem, decodePems } from './pem.js';

const block = (type: string, body: string): string =>
  `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`;

describe('PEM', () => {
  it('is found between other lines, and what follows is the rest', () => {
    const found = decodePem(`before\n${block('A', 'AQI=')}after`);
    expect(found?.block).toEqual({ type: 'A', bytes: Buffer.of(1, 2) });
    expect(found?.rest).toBe('after');
  });

  it('may be several blocks, of which broken ones are skipped', () => {
    const text = block('A', 'AQ==') + block('B', '****') + block('C', 'Aw==');
    expect(decodePems(text).map(({ type }) => type)).toEqual(['A', 'C']);
  });

  it('must end as it began, on lines of its own', () => {
    expect(decodePem('-----BEGIN A-----\nAQ==\n-----END B-----\n')).toBeUndefined();
    expect(decodePem('x-----BEGIN A-----\nAQ==\n-----END A-----\n')).toBeUndefined();
    expect(decodePem('-----BEGIN A-----\nAQ==\n-----END A-----x\n')).toBeUndefined();
  });

  it('takes time in proportion to its length, whatever is in it', () => {
    const begins = '-----BEGIN A-----\nx: y\n'.repeat(20_000);
    const ends = '\n-----END B-----'.repeat(50_000);
    const started = performance.now();
    expect(decodePems(begins + ends)).toEqual([]);
    expect(decodePems('-----BEGIN A-----\nx: y\n\n-----END B-----\n'.repeat(20_000))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
