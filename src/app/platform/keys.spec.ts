import { afterAll, describe, expect, it } from '@jest/globals';
import { createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './config.js';
import { ensureKeys, openKeys } from './keys.io.js';

const dataDir = mkdtempSync(join(tmpdir(), 'assay-keys-'));
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});
const config = loadConfig({ ASSAY_DATA_DIR: dataDir }, '/srv/assay');

describe('keys', () => {
  it('are made once for a demo, readable by their owner alone', () => {
    ensureKeys(config);
    const folder = join(dataDir, 'keys');
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    for (const [name = ''] of before) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    ensureKeys(config);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(
      before,
    );
  });

  it('are of the kinds that the ledger asks for', () => {
    const keys = openKeys(config, 'integrator');
    expect(keys.decision().asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect([keys.pseudonym().length, keys.keyEncryption().length]).toEqual([32, 32]);
    const signature = sign(null, Buffer.from('tree'), keys.log());
    expect(verify(null, Buffer.from('tree'), keys.logPublic(), signature)).toBe(true);
    expect(createPublicKey(keys.tokenIssuerPem() ?? '').export({ format: 'jwk' })).toEqual(
      createPublicKey(keys.demoIssuerPem()).export({ format: 'jwk' }),
    );
    expect(keys.logOrigin()).toMatch(/^log-[0-9a-f]{12}\.assay\.localhost$/);
  });

  it('to sign the tree are for the integrator alone', () => {
    for (const door of ['api', 'worker', 'cli'] as const)
      expect(() => openKeys(config, door).log()).toThrow("the log key is the integrator's");
  });

  it('to sign evidence packs are for the worker alone, and anybody may check', () => {
    for (const door of ['api', 'integrator', 'cli'] as const)
      expect(() => openKeys(config, door).export()).toThrow("the export key is the worker's");
    const signature = sign(null, Buffer.from('manifest'), openKeys(config, 'worker').export());
    expect(verify(null, Buffer.from('manifest'), openKeys(config, 'api').exportPublic(), signature)).toBe(
      true,
    );
  });

  it('are never made where real users are: every missing file is named', () => {
    const real = loadConfig(
      {
        DATABASE_URL: 'postgres://db/assay',
        ASSAY_JWT_PUBLIC_KEY_FILE: 'idp.pem',
        ASSAY_LOG_ORIGIN: 'log.example.org',
        ASSAY_DATA_DIR: join(dataDir, 'real'),
      },
      '/srv/assay',
    );
    expect(() => {
      ensureKeys(real);
    }).toThrow(/decision\.pem.*log\.pem.*export\.pem.*pseudonym\.key.*kek\.key/);
  });
});
