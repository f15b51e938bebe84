import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { verifyCommand } from '../../src/verifier/command.io.js';
import { changed, sample, type Files, type Sample } from './kit.js';

let root = '';
let given: Sample;
const lines: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-command-'));
  given = await sample(2);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  lines.length = 0;
  const keep = (text: unknown): void => void lines.push(String(text));
  jest.spyOn(console, 'log').mockImplementation(keep);
  jest.spyOn(console, 'error').mockImplementation(keep);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function folderOf(files: Files): string {
  const folder = mkdtempSync(join(root, 'pack-'));
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

const file = (name: string, content: string): string => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};

describe('assay verify', () => {
  it('exits 0 for a pack that holds, with every pin given, and has nothing left to note but witnesses', async () => {
    const { vkey = '', exportKey = '' } = given.pins;
    const pins = [
      ...['--vkey', vkey, '--export-key', file('export.pem', exportKey)],
      ...['--checkpoint', file('kept', given.ledger.checkpoint())],
    ];
    expect(await verifyCommand([folderOf(given.files), ...pins])).toBe(0);
    expect(lines.join('\n')).toMatch(
      /^accepted\nlog ledger\.example, 3 entries, root \S+\n2 decisions, .*\nnote: the policy/,
    );
    expect(await verifyCommand([folderOf(given.files), '--vkey', file('vkey', `${vkey}\n`)])).toBe(0);
  });

  it('exits 1 for a pack that does not, and says what, where and what it means', async () => {
    const folder = folderOf(changed(given.files, 'README', 'hello'));
    expect(await verifyCommand([folder])).toBe(1);
    expect(lines[0]).toMatch(/^refused: 1 finding\n {2}1 file-name {2}README: not a file of format 1\n/);
    lines.length = 0;
    expect(await verifyCommand([folder, '--json'])).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      accepted: false,
      found: 1,
      findings: [{ code: 'file-name', path: 'README' }],
    });
  });

  it('shows nothing of a pack as it is that could lead a terminal or a reader astray', async () => {
    const name = 'a\u001b[2Jb\u202ec';
    expect(await verifyCommand([folderOf(changed(given.files, name, 'x'))])).toBe(1);
    // eslint-disable-next-line no-control-regex -- that there is none
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it.each([
    [[]],
    [['nowhere']],
    [['a', 'b']],
    [['--nonsense']],
    [['.', '--vkey', 'nonsense']],
    [['.', '--checkpoint', 'nowhere']],
  ])('exits 2 when it cannot be carried out: %j', async (args) => {
    expect(await verifyCommand(args)).toBe(2);
    expect(lines[0]).toMatch(/^assay verify: /);
  });
});
