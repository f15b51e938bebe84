import { Gathering } from './gathering.js';

describe('Gathering', () => {
  it('asks once for what is asked at the same moment, and answers each its own', async () => {
    const calls: (readonly number[])[] = [];
    const gathering = new Gathering<number, string>((keys) => {
      calls.push(keys);
      return Promise.resolve(keys.map((key) => `v${String(key)}`));
    });

    const answers = await Promise.all([1, 2, 3].map((key) => gathering.ask(key)));

    expect(answers).toEqual(['v1', 'v2', 'v3']);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('never answers a question with what was looked up before it was put', async () => {
    let stored = 0;
    const release: (() => void)[] = [];
    const gathering = new Gathering<string, number>(async (keys) => {
      const seen = stored;
      await new Promise<void>((resolve) => release.push(resolve));
      return keys.map(() => seen);
    });
    const before = gathering.ask('x');
    await new Promise((resolve) => setImmediate(resolve));
    stored = 1;

    const after = gathering.ask('x');
    release[0]?.();
    const first = await before;
    await new Promise((resolve) => setImmediate(resolve));
    release[1]?.();

    expect([first, await after]).toEqual([0, 1]);
  });

  it('takes whoever asks while a call is under way along with the next', async () => {
    const calls: (readonly number[])[] = [];
    const release: (() => void)[] = [];
    const gathering = new Gathering<number, number>(async (keys) => {
      calls.push(keys);
      if (calls.length === 1) await new Promise<void>((resolve) => release.push(resolve));
      return keys;
    });
    const tick = () => new Promise((resolve) => setImmediate(resolve));
    const asked = [gathering.ask(1)];
    await tick();
    asked.push(gathering.ask(2));
    await tick();
    asked.push(gathering.ask(3));
    for (const go of release) go();

    expect(await Promise.all(asked)).toEqual([1, 2, 3]);
    expect(calls).toEqual([[1], [2, 3]]);
  });

  it('waits for nobody else’s slow call to end', async () => {
    const gathering = new Gathering<string, string>((keys) =>
      keys.includes('endless') ? new Promise<never>(() => undefined) : Promise.resolve(keys),
    );
    void gathering.ask('endless');
    await new Promise((resolve) => setImmediate(resolve));

    expect(await gathering.ask('quick')).toBe('quick');
  });

  it('fails nobody for a key of somebody else’s', async () => {
    const gathering = new Gathering<number, number>((keys) =>
      keys.includes(2) ? Promise.reject(new Error('two')) : Promise.resolve(keys),
    );

    const answers = await Promise.allSettled([1, 2, 3].map((key) => gathering.ask(key)));

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('throws at everybody when answers are missing', async () => {
    const gathering = new Gathering<number, number>(() => Promise.resolve([]));

    await expect(gathering.ask(1)).rejects.toThrow('0 answers to 1 questions');
  });
});
