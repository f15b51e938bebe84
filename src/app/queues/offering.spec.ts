import { describe, expect, it } from '@jest/globals';
import { Offering } from './offering.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('offering work', () => {
  it('is one round at a time, however long the queue is away, and goes on after that', async () => {
    const offering = new Offering({ warn: () => undefined }, 'failed');
    let rounds = 0;
    let back: () => void = () => undefined;
    const away = new Promise<void>((resolve) => {
      back = resolve;
    });
    const offer = (): Promise<void> => {
      rounds++;
      return away;
    };
    for (let each = 0; each < 5; each++) offering.begin(offer);
    expect(rounds).toBe(1);
    back();
    await settle();
    offering.begin(offer);
    expect(rounds).toBe(2);
  });

  it('that fails is said, and tried again', async () => {
    const said: string[] = [];
    const offering = new Offering({ warn: (_: unknown, text: string) => said.push(text) } as never, 'failed');
    offering.begin(() => Promise.reject(new Error('no')));
    await settle();
    expect(said).toEqual(['failed']);
    offering.begin(() => Promise.reject(new Error('no')));
    await settle();
    expect(said).toHaveLength(2);
  });
});
