import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Strangers } from './tools.js';

/** Plain JavaScript, hence a name the type checker does not follow. */
const SCRIPT = join(import.meta.dirname, '../../scripts/strangers/obtain.mjs');
const { obtainStrangers } = (await import(SCRIPT)) as {
  obtainStrangers: (options: object) => Promise<Omit<Strangers, 'shell'>>;
};

describe('obtaining the tools of others', () => {
  let root: string;
  let log: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'assay strangers '));
    for (const [folder, file] of [
      ['go', 'main.go'],
      ['torchwood', 'main.go'],
      ['oscal', 'go.mod'],
    ] as const) {
      mkdirSync(join(root, 'test/strangers', folder), { recursive: true });
      writeFileSync(join(root, 'test/strangers', folder, file), 'package main\n');
    }
    mkdirSync(join(root, 'bin'));
    log = [];
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const program = (name: string, script: string): void => {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  };
  const obtain = (options: object = {}): ReturnType<typeof obtainStrangers> =>
    obtainStrangers({
      root,
      dataDir: 'data',
      log: (line: string) => log.push(line),
      env: { PATH: join(root, 'bin') },
      ...options,
    });
  const left = (): string[] => readdirSync(join(root, 'data/strangers'));

  it('says of each why it is missing where there is neither Go nor npm', async () => {
    expect(await obtain({ cosign: true })).toEqual({
      fsck: { missing: 'go is not installed' },
      library: { missing: 'go is not installed' },
      torchwood: { missing: 'go is not installed' },
      oscal: { missing: 'go is not installed' },
      cosign: { missing: 'go is not installed' },
      sigstore: { missing: 'npm is not installed' },
    });
    expect(left()).toEqual([]);
  });

  it('says what the tool said last when it fails, and leaves nothing half made', async () => {
    program('go', 'echo building >&2; echo "module not found" >&2; exit 1');
    program('npm', 'echo "npm error offline" >&2; exit 1');
    expect(await obtain()).toMatchObject({
      fsck: { missing: 'module not found' },
      cosign: { missing: expect.stringContaining('long mode only') },
      sigstore: { missing: 'npm error offline' },
    });
    expect(left()).toEqual([]);
  });

  it('gives up at the limit it was given', async () => {
    program('go', 'exec /bin/sleep 60');
    program('npm', 'exec /bin/sleep 60');
    const started = performance.now();
    const { fsck, sigstore } = await obtain({ limitMs: 300 });
    expect(fsck).toEqual({ missing: 'go was not done in time' });
    expect(sigstore).toEqual({ missing: 'npm was not done in time' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('keeps what it obtained, and builds ours anew when its sources change', async () => {
    program(
      'go',
      'case "$1" in install) : > "$GOBIN/fsck" ;; build) : > "$3/strangers"; : > "$3/torchwood"; echo "$@" > "$3/go-oscal" ;; esac',
    );
    program('npm', 'exit 1');
    const first = await obtain();
    const built = log.length;
    expect(await obtain()).toEqual(first);
    expect(log.slice(built).filter((line) => line.includes('go '))).toEqual([]);
    writeFileSync(join(root, 'test/strangers/go/main.go'), 'package main // changed\n');
    const { fsck, library, torchwood, oscal } = await obtain();
    expect({ fsck, torchwood, oscal }).toEqual({
      fsck: first.fsck,
      torchwood: first.torchwood,
      oscal: first.oscal,
    });
    expect(library).not.toEqual(first.library);
    // Where there is no program of ours, only what others wrote is built.
    if ('path' in oscal)
      expect(readFileSync(oscal.path, 'utf8')).toMatch(/ github\.com\/defenseunicorns\/go-oscal\n$/);
  });
});
