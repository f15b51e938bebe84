import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleDigest, wasmMember } from '../../src/rego/bundle.js';
import type { RegoSource } from '../../src/rego/compiler.port.js';
import { sha256 } from '../../src/kernel/digest.js';
import { OpaToolchain } from '../../src/rego/opa/opa.io.js';
import { compile, opaProgram, problemOf, regoFolder, toolchain, valueOf } from './kit.js';

const source = (path: string, text: string): RegoSource => ({ path, text });
const RULE = source(
  'rules/stars/stars.rego',
  `# METADATA
# title: Enough stars
# custom:
#   id: stars
package shop.stars

# METADATA
# description: True from three stars on.
enough if input.stars >= 3
`,
);
const TEST = source(
  'rules/stars/stars_test.rego',
  `package shop.stars_test

import data.shop.stars

test_three if stars.enough with input as {"stars": 3}

test_two if not stars.enough with input as {"stars": 2}
`,
);

describe('the Rego toolchain', () => {
  it('says its version', async () => {
    expect(valueOf(await toolchain().version())).toMatchObject({ opa: '1.22.0', rego: 'v1' });
  });

  it('finds nothing wrong with a good policy', async () => {
    expect((await toolchain().check([RULE, TEST])).ok).toBe(true);
  });

  it('reports every mistake of every file, with its place, in order', async () => {
    const wrong = [
      source(
        'b.rego',
        'package b\n\nx := http.send({"url": "http://example.org"})\n\ny if {\n\tunused := 1\n}\n',
      ),
      source('a.rego', 'package a\n\nx := opa.runtime()\n\nz := nope(1)\n'),
    ];
    const problem = problemOf(await toolchain().check(wrong));
    expect(problem.kind === 'RegoInvalid' && problem.errors).toEqual([
      {
        code: 'rego_type_error',
        message: 'undefined function opa.runtime',
        file: 'a.rego',
        row: 3,
        column: 6,
      },
      { code: 'rego_type_error', message: 'undefined function nope', file: 'a.rego', row: 5, column: 6 },
      { code: 'rego_type_error', message: 'undefined function http.send', file: 'b.rego', row: 3, column: 6 },
      {
        code: 'rego_compile_error',
        message: 'assigned var unused unused',
        file: 'b.rego',
        row: 6,
        column: 2,
      },
    ]);
  });

  it('finds a misspelt field of the input in a rule that says what its input is', async () => {
    const rule = (field: string) =>
      source(
        'rules/mine/mine.rego',
        `# METADATA
# schemas:
#   - input: schema["input"]
package assay.rules.mine

seen := [one | some document in input.evidence; some one in document.${field}]
`,
      );
    expect((await toolchain().check([rule('vulnerabilities')])).ok).toBe(true);
    const problem = problemOf(await toolchain().check([rule('vulnerabilites')]));
    expect(problem.kind === 'RegoInvalid' && problem.errors).toMatchObject([
      { code: 'rego_type_error', file: 'rules/mine/mine.rego', row: 6 },
    ]);
  });

  it('reports more mistakes than OPA does by default', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `x${String(index)} := nope(${String(index)})`);
    const problem = problemOf(
      await toolchain().check([source('a.rego', `package a\n\n${lines.join('\n')}\n`)]),
    );
    expect(problem.kind === 'RegoInvalid' && problem.errors.map(({ row }) => row)).toEqual(
      lines.map((_, index) => index + 3),
    );
  });

  it('refuses a file name before it touches the disk', async () => {
    const problem = problemOf(await toolchain().check([source('../escape.rego', 'package a\n')]));
    expect(problem).toMatchObject({ kind: 'RegoInvalid', errors: [{ code: 'source_path_error' }] });
  });

  it('formats, and says where it cannot', async () => {
    const untidy = source('a.rego', 'package a\nx:=1\ny  if{ x==1 }\n');
    const [tidy] = valueOf(await toolchain().format([untidy]));
    expect(tidy).toEqual(source('a.rego', 'package a\n\nx := 1\ny if x == 1\n'));
    const problem = problemOf(await toolchain().format([source('a.rego', 'package a\n\nx := \n')]));
    expect(problem).toMatchObject({
      kind: 'RegoInvalid',
      errors: [{ code: 'rego_parse_error', row: 4 }, {}],
    });
  });

  it('builds the same bundle from the same sources, whatever their order, and another from others', async () => {
    const order = { files: [RULE, TEST], entrypoints: ['shop/stars/enough'] };
    const first = valueOf(await toolchain().build(order));
    const second = valueOf(await toolchain().build({ ...order, files: [TEST, RULE] }));
    expect(second.digest).toBe(first.digest);
    expect(second.wasm.equals(first.wasm)).toBe(true);
    expect(first.digest).toBe(bundleDigest(first.listing));
    expect(wasmMember(first.listing)).toBe(sha256(first.wasm));
    const commented = { ...RULE, text: `${RULE.text}# changed\n` };
    expect(valueOf(await toolchain().build({ ...order, files: [commented, TEST] })).digest).not.toBe(
      first.digest,
    );
  });

  it('says which host functions a bundle calls', async () => {
    expect(
      (await compile('package a\n\nx := time.now_ns()\n\ny := semver.is_valid("1")\n', 'a/x')).builtins,
    ).toEqual(['time.now_ns']);
  });

  it('builds nothing from mistakes, nor for an entrypoint that is not there', async () => {
    const files = [source('a.rego', 'package a\n\nx := net.lookup_ip_addr("example.org")\n')];
    const problem = problemOf(await toolchain().build({ files, entrypoints: ['a/x'] }));
    expect(problem).toMatchObject({
      kind: 'RegoInvalid',
      errors: [{ message: 'undefined function net.lookup_ip_addr' }],
    });
    const unknown = problemOf(await toolchain().build({ files: [RULE], entrypoints: ['shop/stars/nope'] }));
    expect(unknown).toEqual({ kind: 'UnknownEntrypoint', entrypoint: 'shop/stars/nope' });
  });

  it('reads annotations', async () => {
    expect(valueOf(await toolchain().inspect([TEST, RULE]))).toEqual([
      {
        file: RULE.path,
        row: 5,
        column: 1,
        path: ['shop', 'stars'],
        annotations: { scope: 'package', title: 'Enough stars', custom: { id: 'stars' } },
      },
      {
        file: RULE.path,
        row: 9,
        column: 1,
        path: ['shop', 'stars', 'enough'],
        annotations: { scope: 'rule', description: 'True from three stars on.' },
      },
    ]);
  });

  it('runs tests, and measures what they reach', async () => {
    const outcomes = valueOf(await toolchain().test([RULE, TEST]));
    expect(outcomes.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test_three', 'pass'],
      ['test_two', 'pass'],
    ]);
    expect(valueOf(await toolchain().coverage([RULE, TEST])).percent).toBe(100);
    const untested = { ...RULE, text: `${RULE.text}\nfull if input.stars == 5\n` };
    const report = valueOf(await toolchain().coverage([untested, TEST]));
    expect(report.files[0]).toMatchObject({ file: RULE.path, notCovered: [{ fromRow: 11, toRow: 11 }] });
  });

  it('gives failed tests as outcomes, and then no coverage', async () => {
    const failing = { ...TEST, text: TEST.text.replace('"stars": 3', '"stars": 1') };
    expect(valueOf(await toolchain().test([RULE, failing]))).toMatchObject([
      { name: 'test_three', outcome: 'fail', file: TEST.path, row: 5 },
      { name: 'test_two', outcome: 'pass' },
    ]);
    const problem = problemOf(await toolchain().coverage([RULE, failing]));
    expect(problem).toMatchObject({ kind: 'TestsFailed', failed: [{ name: 'test_three' }] });
  });

  it('stops what takes too long, and leaves nothing behind', async () => {
    const endless = source(
      'a_test.rego',
      'package a_test\n\ntest_x if {\n\tnumbers.range(1, 30000)[a] + numbers.range(1, 30000)[b] == 1\n}\n',
    );
    const hurried = toolchain(1_000);
    expect((await hurried.version()).ok).toBe(true);
    expect(problemOf(await hurried.test([endless]))).toEqual({
      kind: 'OpaLimitExceeded',
      command: 'test',
      limit: 'time',
    });
    expect(
      [tmpdir(), '/dev/shm']
        .filter((folder) => existsSync(folder))
        .flatMap((folder) => readdirSync(folder))
        .filter((name) => name.startsWith(`assay-rego-${String(process.pid)}-`)),
    ).toEqual([]);
  });

  it.each([
    ['not-found', undefined],
    ['not-found', join(regoFolder, 'no-such-opa')],
    ['wrong-version', '/bin/echo'],
  ])('without OPA (%s) answers with a remedy', async (reason, program) => {
    const problem = problemOf(await new OpaToolchain({ program, regoFolder }).check([RULE]));
    expect(problem).toMatchObject({
      kind: 'OpaUnavailable',
      reason,
      remedy: expect.stringContaining('ASSAY_OPA') as string,
    });
  });

  it('pays no attention to variables that would set flags', async () => {
    process.env['OPA_CHECK_MAX_ERRORS'] = '1';
    process.env['OPA_BUILD_TARGET'] = 'rego';
    try {
      expect(opaProgram()).not.toBe('');
      expect((await compile('package a\n\nx := 1\n', 'a/x')).wasm.subarray(1, 4).toString()).toBe('asm');
    } finally {
      delete process.env['OPA_CHECK_MAX_ERRORS'];
      delete process.env['OPA_BUILD_TARGET'];
    }
  });
});
