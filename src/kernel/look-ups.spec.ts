import { describe, expect, it } from '@jest/globals';
import { Together, type LookUp } from './look-ups.js';
import { plannedOnce } from './planned-once.js';

/** What a stand-in for the database was sent. The statements themselves run on the real one in test/store/look-ups.spec.ts. */
const recorder = (answer: (parameters: unknown[]) => object[] = () => []) => {
  const sent: { sql: string; parameters: unknown[] }[] = [];
  const query = <T>(sql: string, parameters: unknown[] = []): Promise<T> => {
    sent.push({ sql, parameters });
    return Promise.resolve(answer(parameters) as T);
  };
  return { sent, on: { query } };
};
const byId = (org: string, id: string, limit = 5): LookUp => ({
  sql: 'SELECT x FROM t WHERE org_id = $1 AND id = $2 LIMIT $3',
  types: ['text', 'same'],
  parameters: [org, id, limit],
});

describe('look-ups that go together', () => {
  it('send one that is alone as it stands', async () => {
    const { sent, on } = recorder(() => [{ x: 1 }]);
    expect(await new Together(() => on).rows(byId('a', '1'))).toEqual([{ x: 1 }]);
    expect(sent).toEqual([{ sql: plannedOnce(byId('a', '1').sql), parameters: ['a', '1', 5] }]);
  });

  it('ask for equal keys once, and answer each who asked', async () => {
    const { sent, on } = recorder(() => [{ x: 1 }]);
    const together = new Together(() => on);
    const answers = await Promise.all([1, 2, 3].map(() => together.rows(byId('a', '1'))));
    expect(answers).toEqual([[{ x: 1 }], [{ x: 1 }], [{ x: 1 }]]);
    expect(sent).toHaveLength(1);
  });

  it('never mix organisations, nor different limits', async () => {
    const { sent, on } = recorder();
    const together = new Together(() => on);
    await Promise.all([byId('a', '1'), byId('b', '2'), byId('a', '3', 9)].map((one) => together.rows(one)));
    expect(sent.map(({ parameters }) => parameters)).toEqual([
      ['a', '1', 5],
      ['b', '2', 5],
      ['a', '3', 9],
    ]);
  });

  it('never mix those on whose behalf they are, and ask for each', async () => {
    const asked: (string | undefined)[] = [];
    const together = new Together((_, behalf) => {
      asked.push(behalf);
      return recorder(() => [{ of: behalf }]).on;
    });
    const alike = [undefined, 'p', 'q'].map((behalf) => ({ ...byId('a', '1'), ...(behalf && { behalf }) }));
    const answers = await Promise.all([...alike, ...alike].map((one) => together.rows(one)));
    expect(answers).toEqual([undefined, 'p', 'q', undefined, 'p', 'q'].map((of) => [{ of }]));
    expect(asked).toEqual([undefined, 'p', 'q']);
  });

  it('hand a failure to everybody who asked, and go on', async () => {
    let fails = true;
    const { on } = recorder(() => {
      if (fails) throw new Error('gone');
      return [];
    });
    const together = new Together(() => on);
    const asked = ['1', '2'].map((id) => together.rows(byId('a', id)));
    for (const one of await Promise.allSettled(asked)) expect(one).toMatchObject({ status: 'rejected' });
    fails = false;
    expect(await together.rows(byId('a', '1'))).toEqual([]);
  });
});
