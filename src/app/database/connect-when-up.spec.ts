import type { DataSource } from 'typeorm';
import { connectWhenUp } from './connect-when-up.io.js';

const pool = {} as DataSource;
const refusal = (code: string | undefined, message = 'no'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

/** Refuses as given, one after the other, then answers; says how often it was asked. */
function serverThatRefuses(...refusals: readonly Error[]) {
  const left = [...refusals];
  const server = {
    asked: 0,
    connect: (): Promise<DataSource> => {
      server.asked += 1;
      const next = left.shift();
      return next === undefined ? Promise.resolve(pool) : Promise.reject(next);
    },
  };
  return server;
}

describe('A door that starts while the database is away', () => {
  it.each([
    ['refuses connections', refusal('ECONNREFUSED')],
    ['recovers', refusal('57P03')],
    ['ends while it is asked', refusal(undefined, 'Connection terminated unexpectedly')],
  ])('waits for a server that %s, and says so once', async (_, away) => {
    const told: Error[] = [];
    const server = serverThatRefuses(away, away);
    expect(await connectWhenUp(server.connect, (error) => told.push(error))).toBe(pool);
    expect({ asked: server.asked, told }).toEqual({ asked: 3, told: [away] });
  });

  it.each(['28P01', '3D000', 'ENOTFOUND'])('does not wait when the answer is %s', async (code) => {
    const server = serverThatRefuses(refusal(code));
    await expect(connectWhenUp(server.connect, () => undefined)).rejects.toMatchObject({ code });
    expect(server.asked).toBe(1);
  });

  it('gives up when its patience ends, with the last refusal', async () => {
    const server = serverThatRefuses(refusal('ECONNREFUSED'), refusal('57P03'), refusal('57P03'));
    await expect(connectWhenUp(server.connect, () => undefined, 100)).rejects.toMatchObject({
      code: '57P03',
    });
    expect(server.asked).toBe(2);
  });
});
