import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DONE, FAILED } from './exit-code.js';
import { runCommand } from './run-command.io.js';
import { USAGE_OF, usageLine, type CommandName } from './usage.js';

let out: string[];
let err: string[];
beforeEach(() => {
  [out, err] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const ID = '11111111-1111-4111-8111-111111111111';

/** Misuse of every command: what is said, and what the answer must name. None of it may need a database or service. */
const MISUSES: readonly (readonly [CommandName, readonly string[], RegExp])[] = [
  ['ledger verify', ['ledger', 'verify', 'now'], /now/],
  ['ledger verify', ['ledger', 'verify', '--fast'], /--fast/],
  ['ledger continue', ['ledger', 'continue'], /--origin NAME is required/],
  ['ledger continue', ['ledger', 'continue', '--orgin', 'e2.example'], /--orgin/],
  ['ledger continue', ['ledger', 'continue', '--origin'], /--origin/],
  ['ledger continue', ['ledger', 'continue', '--origin', 'E2 example'], /E2 example.*host name/],
  [
    'ledger continue',
    ['ledger', 'continue', '--origin', 'e2.example', '--former-vkey', 'x'],
    /--former-vkey/,
  ],
  ['ledger continue', ['ledger', 'continue', 'e2.example'], /e2\.example/],
  ['verify', ['verify'], /one PACK/],
  ['verify', ['verify', 'a', 'b'], /one PACK/],
  ['verify', ['verify', 'a', '--key', 'x'], /--key/],
  ['setup', ['setup'], /one FILE/],
  ['setup', ['setup', 'a', 'b'], /one FILE/],
  ['setup', ['setup', '--dry', 'a'], /--dry/],
  ['replay', ['replay'], /ids or --all/],
  ['replay', ['replay', ID, '--all'], /--all goes without ids/],
  ['replay', ['replay', 'x'], /x is no decision id/],
  ['replay', ['replay', '--all', '--since', 'monday'], /monday/],
  ['policy', ['policy'], /what of it/],
  ['policy', ['policy', 'shove', '.'], /shove/],
  ['policy', ['policy', 'pull', '.', '--forse'], /--forse/],
  ['policy', ['policy', 'pull', '.', 'a', 'b'], /one too many: b/],
  ['scanners', ['scanners', 'uninstall'], /uninstall/],
  ['scanners', ['scanners', 'install', 'no-such'], /no-such/],
  ['export', ['export'], /--out FILE/],
  ['export', ['export', '--out', 'x', '--id', ID, '--gate', 'G'], /--out alone/],
  ['export', ['export', '--out', 'x', '--until', '2026'], /--until/],
  ['status-index', ['status-index', '--in', 'x'], /--in/],
  ['insight rebuild', ['insight', 'rebuild', 'all'], /all/],
  ['standing rebuild', ['standing', 'rebuild', 'all'], /all/],
];

describe('a command that is said wrongly', () => {
  it.each(MISUSES)(
    '%s: %j is answered with what is wrong, the usage and exit code 2',
    async (command, args, fault) => {
      expect(await runCommand(args)).toBe(FAILED);
      const [first = '', ...rest] = err.join('\n').split('\n');
      expect(first).toMatch(new RegExp(`^assay ${command}: .*${fault.source}`));
      expect(first).not.toMatch(/no such command: (ledger|replay|export|setup)/);
      const words = `assay ${command} ${USAGE_OF[command].split(' ')[0] ?? ''}`.trimEnd();
      expect(`${first}\n${rest.join('\n')}`).toContain(words);
      expect(out).toEqual([]);
    },
  );

  it('has every command among them', () => {
    expect(new Set(MISUSES.map(([command]) => command))).toEqual(new Set(Object.keys(USAGE_OF)));
  });

  it.each([[['leger', 'verify']], [['help', 'me']], [['ledger']], [['ledger', 'prove']]])(
    '%j is no command, and those that there are are shown',
    async (args) => {
      expect(await runCommand(args)).toBe(FAILED);
      expect(err.join('\n')).toMatch(/no such command|what of it/);
      expect(err.join('\n')).toContain('assay ledger continue');
    },
  );
});

describe('help', () => {
  it.each(Object.keys(USAGE_OF) as CommandName[])('of %s is its usage', async (command) => {
    expect(await runCommand([...command.split(' '), '--help'])).toBe(DONE);
    expect(out.join('\n')).toContain(`assay ${command}`);
    if (command !== 'verify') expect(out).toEqual([usageLine(command)]);
    expect(err).toEqual([]);
  });

  it.each([[[]], [['help']], [['--help']]])('is shown for %j', async (args) => {
    expect(await runCommand(args)).toBe(DONE);
    for (const command of Object.keys(USAGE_OF)) expect(out.join('\n')).toContain(`assay ${command}`);
  });
});
