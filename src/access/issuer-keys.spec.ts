import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfiguredKey, JwksKeys } from './issuer-keys.io.js';

const jwk = (kid: string): JsonWebKey & { kid: string } => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});

describe("the issuer's key set", () => {
  let server: Server;
  let url = '';
  let keys: object[] = [];
  let asked = 0;
  let status = 200;
  const clock = { at: 1_000_000, now: () => clock.at };

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/jwks`;
  });
  afterAll(() => {
    server.close();
  });
  beforeEach(() => {
    asked = 0;
    status = 200;
    keys = [jwk('first')];
  });

  it('is fetched once for many tokens, also at once', async () => {
    const issuer = new JwksKeys(url, clock);
    const found = await Promise.all([1, 2, 3].map(() => issuer.keyFor('first')));
    expect(found.map((key) => key?.type)).toEqual(['public', 'public', 'public']);
    expect((await issuer.keyFor('first'))?.asymmetricKeyType).toBe('ec');
    expect(asked).toBe(1);
  });

  it('follows a rotation, but forged key ids cannot make it ask again and again', async () => {
    const issuer = new JwksKeys(url, clock);
    await issuer.keyFor('first');
    for (let i = 0; i < 50; i += 1) expect(await issuer.keyFor(`forged-${String(i)}`)).toBeUndefined();
    expect(asked).toBe(1);
    keys = [jwk('second')];
    clock.at += 31_000;
    expect((await issuer.keyFor('second'))?.type).toBe('public');
    expect(await issuer.keyFor('first')).toBeUndefined();
    expect(asked).toBe(2);
  });

  it('never hands out a symmetric or an encryption key, nor one for a token without a key id', async () => {
    keys = [{ kty: 'oct', k: 'c2VjcmV0', kid: 'shared' }, { ...jwk('sealing'), use: 'enc' }, jwk('signing')];
    const issuer = new JwksKeys(url, clock);
    expect(await issuer.keyFor('shared')).toBeUndefined();
    expect(await issuer.keyFor('sealing')).toBeUndefined();
    expect(await issuer.keyFor(undefined)).toBeUndefined();
    expect(await issuer.keyFor('signing')).toBeDefined();
  });

  it('that cannot be had is an outage, not an unknown key', async () => {
    status = 503;
    await expect(new JwksKeys(url, clock).keyFor('first')).rejects.toThrow('503');
  });
});

it('a configured key serves every token, whatever key id it names', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const configured = new ConfiguredKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  expect((await configured.keyFor()).equals(publicKey)).toBe(true);
});
