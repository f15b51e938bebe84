import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regoFolder } from './kit.js';

/** Plain JavaScript, hence a name the type checker does not follow. */
const SCRIPT = join(import.meta.dirname, '../../scripts/obtain-opa.mjs');

type Obtain = (where: {
  root: string;
  dataDir: string;
  log: (line: string) => void;
  env: NodeJS.ProcessEnv;
  releases: string;
}) => Promise<{ path: string | undefined; source: string }>;

const { obtainOpa } = (await import(SCRIPT)) as { obtainOpa: Obtain };
const PROGRAM = (version: string): string => `#!/bin/sh\necho "Version: ${version}"\n`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('obtainOpa', () => {
  let root: string;
  let server: Server;
  let releases: string;
  /** The body; undefined is 404, null is silence. */
  let answers: (url: string) => string | undefined | null;
  let log: string[];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'assay opa '));
    mkdirSync(join(root, 'rego'));
    cpSync(join(regoFolder, 'toolchain.json'), join(root, 'rego/toolchain.json'));
    log = [];
    answers = () => undefined;
    server = createServer((request, response) => {
      const body = answers(request.url ?? '');
      if (body === null) return;
      response.statusCode = body === undefined ? 404 : 200;
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    releases = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true });
  });

  /** /bin for the shell of our little programs; neither OPA nor Go is there. */
  const obtain = (env: NodeJS.ProcessEnv = {}): ReturnType<Obtain> =>
    obtainOpa({
      root,
      dataDir: '.assay',
      log: (line) => log.push(line),
      env: { PATH: '/bin', ...env },
      releases,
    });
  const program = (name: string, version: string): string => {
    const path = join(root, name);
    writeFileSync(path, PROGRAM(version));
    chmodSync(path, 0o755);
    return path;
  };
  const release = (checksum: string) => (url: string) => {
    if (!url.includes('_static')) return undefined;
    return url.endsWith('.sha256') ? `${checksum}  opa` : PROGRAM('1.22.0');
  };

  it('takes ASSAY_OPA first, then the PATH, each at the pinned version only', async () => {
    const mine = program('mine', '1.22.0');
    const onPath = program('opa', '1.22.0');
    expect(await obtain({ ASSAY_OPA: mine, PATH: `${root}:/bin` })).toEqual({
      source: 'ASSAY_OPA',
      path: mine,
    });
    expect(await obtain({ ASSAY_OPA: '/bin/true', PATH: `${root}:/bin` })).toEqual({
      source: 'PATH',
      path: onPath,
    });
    program('mine', '1.20.0');
    expect(await obtain({ ASSAY_OPA: mine, PATH: `${root}:/bin` })).toEqual({ source: 'PATH', path: onPath });
    expect(log.join('\n')).toContain('ASSAY_OPA is OPA 1.20.0');
  });

  it('downloads once, checked, and then uses its cache', async () => {
    answers = release(sha256(PROGRAM('1.22.0')));
    const path = join(root, '.assay/tools/opa-1.22.0/opa');
    expect(await obtain()).toEqual({ source: 'download', path });
    answers = () => undefined;
    expect(await obtain()).toEqual({ source: 'cache', path });
    expect(readdirSync(join(root, '.assay/tools/opa-1.22.0'))).toEqual(['opa']);
  });

  it('refuses a download without a checksum, with another one, or with another than we recorded', async () => {
    answers = (url) => (url.endsWith('.sha256') ? undefined : PROGRAM('1.22.0'));
    expect(await obtain()).toEqual({ source: 'none', path: undefined });
    answers = release('0'.repeat(64));
    expect(await obtain()).toEqual({ source: 'none', path: undefined });
    answers = release(sha256(PROGRAM('1.22.0')));
    const asset = `opa_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}_static`;
    writeFileSync(
      join(root, 'rego/toolchain.json'),
      JSON.stringify({ opa: '1.22.0', sha256: { [asset]: '1'.repeat(64) } }),
    );
    expect(await obtain()).toEqual({ source: 'none', path: undefined });
    expect(readdirSync(join(root, '.assay/tools/opa-1.22.0'))).toEqual([]);
  });

  it('does not wait for a server that says nothing', async () => {
    answers = () => null;
    const started = performance.now();
    expect(await obtain()).toEqual({ source: 'none', path: undefined });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(log.join('\n')).toContain('no answer within 3 s');
  }, 20_000);

  it('asks no server when it is told to stay offline', async () => {
    let asked = 0;
    answers = () => String(++asked);
    expect(await obtain({ ASSAY_OFFLINE: '1' })).toEqual({ source: 'none', path: undefined });
    expect(asked).toBe(0);
  });

  it('refuses a program of another version, whoever vouches for it', async () => {
    const other = PROGRAM('1.20.0');
    answers = (url) => (url.endsWith('.sha256') ? sha256(other) : other);
    expect(await obtain()).toEqual({ source: 'none', path: undefined });
    expect(log.join('\n')).toContain('it says it is 1.20.0');
  });
});
