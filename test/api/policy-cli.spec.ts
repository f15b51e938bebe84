import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../../src/app/cli/run-command.io.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { aPolicy, manifest, RULE, RULE_TEST, type File } from '../support/policy-draft.js';

// The compiler runs many times, beside whatever else runs here.
jest.setTimeout(60_000);

let app: TestApplication;
const scratch = mkdtempSync(join(tmpdir(), 'assay-policy-'));
const { ASSAY_URL, ASSAY_TOKEN } = process.env;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(async () => {
  process.env['ASSAY_URL'] = ASSAY_URL;
  process.env['ASSAY_TOKEN'] = ASSAY_TOKEN;
  rmSync(scratch, { recursive: true, force: true });
  await app.close();
});

let said: string[] = [];
beforeEach(() => {
  said = [];
  const note = (text: unknown): void => void said.push(String(text));
  jest.spyOn(console, 'log').mockImplementation(note);
  jest.spyOn(console, 'error').mockImplementation(note);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Exit code of `assay policy …` as somebody, through a real socket. */
async function assay(subject: string, ...args: string[]): Promise<number> {
  process.env['ASSAY_URL'] = await app.api.getUrl();
  process.env['ASSAY_TOKEN'] = app.tokenFor(subject);
  said = [];
  return runCommand(['policy', ...args]);
}
const folder = (name: string): string => join(scratch, name);
function put(name: string, files: readonly File[]): void {
  for (const { path, text } of files) {
    const file = join(folder(name), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

it('pushes, checks and tests a checkout, and says so with exit codes', async () => {
  put('one', aPolicy('cli'));
  expect([await assay('officer', 'push', folder('one')), said]).toEqual([0, ['cli is at version 1, draft']]);
  expect([await assay('officer', 'check', folder('one')), said]).toEqual([0, ['no mistakes']]);
  expect(await assay('officer', 'test', folder('one'))).toBe(0);
  expect(said.join('\n')).toMatch(/agent-header-complete\.rego: 100 % reached\n\d+ passed, 0 failed/);
  expect([await assay('officer', 'diff', folder('one')), said]).toEqual([0, ['no differences']]);
});

it('points at mistakes as file:row:column of the disk', async () => {
  put('one', [{ path: RULE, text: 'package assay.rules.agent_header_complete\n\nresult := nowhere\n' }]);
  expect(await assay('officer', 'check', folder('one'))).toBe(1);
  expect(said.join('\n')).toMatch(/\/one\/rules\/.*\.rego:3:\d+: rego_unsafe_var_error: .*nowhere/);
  put('one', aPolicy('cli'));
  expect(await assay('officer', 'push', folder('one'))).toBe(0);
});

it('names a failing test and where it stands', async () => {
  const failing = `package assay.rules.agent_header_complete_test\n\ntest_never if false\n`;
  put('one', [{ path: RULE_TEST, text: failing }]);
  expect(await assay('officer', 'test', folder('one'))).toBe(1);
  expect(said.join('\n')).toMatch(/_test\.rego:3:1: FAIL test_never/);
  put('one', aPolicy('cli'));
  expect(await assay('officer', 'push', folder('one'))).toBe(0);
});

it('shows both sides when somebody was faster, and pulls over nobody’s work unless told to', async () => {
  expect(await assay('officer', 'pull', folder('two'), 'cli')).toBe(0);
  put('two', [{ path: 'policy.yaml', text: manifest('cli', '1.0.0', 'Theirs') }]);
  expect(await assay('officer', 'push', folder('two'))).toBe(0);
  put('one', [{ path: 'policy.yaml', text: manifest('cli', '1.0.0', 'Yours') }]);
  expect(await assay('officer', 'push', folder('one'))).toBe(1);
  const shown = said.join('\n');
  expect(shown).toMatch(
    /both +changed +policy\.yaml\n<<<<<<< yours[^]*Yours[^]*=======[^]*Theirs[^]*>>>>>>> theirs/,
  );
  expect(await assay('officer', 'pull', folder('one'))).toBe(1);
  expect(said.join('\n')).toContain('changed here');
  expect(readFileSync(join(folder('one'), 'policy.yaml'), 'utf8')).toContain('Yours');
  expect(await assay('officer', 'pull', folder('one'), '--force')).toBe(0);
  expect(readFileSync(join(folder('one'), 'policy.yaml'), 'utf8')).toContain('Theirs');
});

it('formats on the server and brings the result back', async () => {
  const text = readFileSync(join(folder('one'), RULE), 'utf8').replace('\nheader :=', '\nheader    :=');
  put('one', [{ path: RULE, text }]);
  expect(await assay('officer', 'fmt', folder('one'))).toBe(0);
  expect(readFileSync(join(folder('one'), RULE), 'utf8')).toContain('\nheader := ');
  expect(await assay('officer', 'diff', folder('one'))).toBe(0);
});

it('shows what differs, and where the work stands', async () => {
  put('one', [{ path: 'policy.yaml', text: manifest('cli', '2.0.0', 'Theirs') }]);
  expect(await assay('officer', 'diff', folder('one'))).toBe(1);
  expect(said.join('\n')).toContain('-version: 1.0.0\n+version: 2.0.0');
  expect(await assay('auditor', 'status', folder('one'))).toBe(0);
  expect(said.join('\n')).toMatch(/cli: version \d+, draft[^]*changed {2}.*policy\.yaml/);
});

it('takes a pack of the repository as it lies there', async () => {
  const root = join(import.meta.dirname, '../..');
  for (const part of ['policies/model-governance', 'rego/rules'])
    cpSync(join(root, part), join(folder('repository'), part), { recursive: true });
  const pack = folder('repository/policies/model-governance');
  const checkout = folder('pulled');
  expect(await assay('officer', 'push', pack)).toBe(0);
  expect(await assay('officer', 'diff', pack)).toBe(0);
  expect(await assay('officer', 'pull', checkout, 'model-governance')).toBe(0);
  expect(await assay('officer', 'check', checkout)).toBe(0);
});

it('is refused without a token, and tells who may not', async () => {
  expect(await assay('developer', 'push', folder('one'))).toBe(2);
  expect(said.join('\n')).toContain('policy.write');
  process.env['ASSAY_TOKEN'] = '';
  expect(await runCommand(['policy', 'status', folder('one')])).toBe(2);
  expect(said.join('\n')).toContain('ASSAY_TOKEN');
});
