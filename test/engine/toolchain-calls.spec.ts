import { JsonText } from '../../src/kernel/json-text.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmMember } from '../../src/rego/bundle.js';
import type { RegoSource } from '../../src/rego/compiler.port.js';
import { OpaToolchain } from '../../src/rego/opa/opa.io.js';
import { opaProgram, problemOf, regoFolder, toolchain, valueOf } from './kit.js';

const source = (path: string, text: string): RegoSource => ({ path, text });
const RULE = source(
  'shop.rego',
  `package shop

import data.shop.names

default ok := false

ok if {
	some finding in input.findings
	finding.level > data.limits.max
	names.lowered(finding.name) == "x"
}

now := time.now_ns() / 1000000

levels contains finding.level if some finding in input.findings
`,
);
const NAMES = source('lib/names.rego', 'package shop.names\n\nlowered(name) := lower(name)\n');
const TEST = source(
  'shop_test.rego',
  `package shop_test

import data.shop

test_ok if shop.ok with input as {"findings": [{"name": "X", "level": 30}]}

test_not_ok if not shop.ok with input as {"findings": []}

test_cases[note] if {
	some note, level in {"eleven": 11, "ten": 10}
	print("level", level)
	shop.ok with input as {"findings": [{"name": "x", "level": level}]}
}
`,
);
const DATA = source('data.json', '{ "limits": {"max": 10} }\n');
const FILES = [RULE, NAMES, TEST, DATA];
const INPUT = { findings: [{ name: 'X', level: 30 }] };

describe('the base document data.json', () => {
  it('is compiled against, is a member of the bundle as written, and reaches tests and questions', async () => {
    expect(await toolchain().check(FILES)).toEqual({ ok: true, value: undefined });
    const bundle = valueOf(await toolchain().build({ files: FILES, entrypoints: ['shop/ok'] }));
    expect(bundle.data?.text).toBe(DATA.text);
    const listing = JSON.parse(bundle.listing) as { name: string; length: number }[];
    expect(listing.map(({ name }) => name)).toEqual([
      'data.json',
      'lib/names.rego',
      'policy.wasm',
      'shop.rego',
      'shop_test.rego',
    ]);
    expect(listing[0]?.length).toBe(DATA.text.length);
    expect(wasmMember(bundle.listing)).toBeDefined();
    const other = source('data.json', DATA.text.replace('10', '40'));
    const changed = [RULE, NAMES, TEST, other];
    expect(valueOf(await toolchain().build({ files: changed, entrypoints: ['shop/ok'] })).digest).not.toBe(
      bundle.digest,
    );
    const asked = { entrypoint: 'shop/ok', input: INPUT };
    expect(valueOf(await toolchain().evaluate({ ...asked, files: FILES }))).toBe(true);
    expect(valueOf(await toolchain().evaluate({ ...asked, files: changed }))).toBe(false);
    expect(valueOf(await toolchain().format(FILES))[3]).toEqual(DATA);
  });

  it.each([
    ['{"a": 1,}', 1, 9],
    ['{"a": 1, "a": 2}', 1, 10],
    ['[1]', 1, 1],
    ['{"n": 9007199254740993}', 1, 7],
  ])('is refused with a place when it is %s', async (text, row, column) => {
    const problem = problemOf(await toolchain().check([NAMES, source('data.json', text)]));
    expect(problem).toMatchObject({
      kind: 'RegoInvalid',
      errors: [{ code: 'source_data_error', file: 'data.json', row, column }],
    });
  });

  it('is the only file besides modules, and only at the top', async () => {
    const files = [NAMES, source('lib/data.json', '{}'), source('notes.yaml', 'a: 1')];
    expect(problemOf(await toolchain().check(files))).toMatchObject({
      errors: [
        { code: 'source_path_error', file: 'lib/data.json' },
        { code: 'source_path_error', file: 'notes.yaml' },
      ],
    });
    expect(problemOf(await toolchain().check([DATA]))).toMatchObject({
      errors: [{ code: 'source_size_error' }],
    });
  });
});

describe('tests and coverage', () => {
  it('say where a test failed, in which of its cases, and what it printed', async () => {
    const outcomes = valueOf(await toolchain().test(FILES));
    expect(outcomes.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test_ok', 'pass'],
      ['test_not_ok', 'pass'],
      ['test_cases', 'fail'],
    ]);
    expect(outcomes[0]).toMatchObject({ failedAt: null, trace: [], cases: [] });
    const failed = outcomes[2]!;
    expect(failed.cases).toEqual([
      { name: 'eleven', passed: true },
      { name: 'ten', passed: false },
    ]);
    expect(failed.failedAt).toEqual({ file: 'shop_test.rego', row: 12, column: 2 });
    expect(failed.output).toContain('level 10\n');
    expect(failed.trace.map(({ op, node }) => [op, node])).toContainEqual([
      'Fail',
      expect.stringContaining('data.shop.ok') as string,
    ]);
  });

  it('give errors of a test as such', async () => {
    const conflict = [
      source('a.rego', 'package a\n\nx := 1 if input.a\n\nx := 2 if input.b\n'),
      source(
        'a_test.rego',
        'package a_test\n\nimport data.a\n\ntest_x if a.x with input as {"a": 1, "b": 1}\n',
      ),
    ];
    const [outcome] = valueOf(await toolchain().test(conflict));
    expect(outcome).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('eval_conflict_error'),
    });
    expect(problemOf(await toolchain().coverage(conflict))).toMatchObject({ kind: 'TestsFailed' });
  });

  it('count what is reached per rule, each definition by itself', async () => {
    const passing = source('shop_test.rego', TEST.text.slice(0, TEST.text.indexOf('test_cases')));
    const report = valueOf(await toolchain().coverage([RULE, NAMES, passing, DATA]));
    expect(report.rules.map(({ file, rule, row, covered }) => [file, rule, row, covered])).toEqual([
      ['lib/names.rego', 'shop.names.lowered', 3, true],
      ['shop.rego', 'shop.ok', 5, true],
      ['shop.rego', 'shop.ok', 7, true],
      ['shop.rego', 'shop.now', 13, false],
      ['shop.rego', 'shop.levels', 15, false],
    ]);
    expect(report.rules.at(-1)?.notCovered).toEqual([{ fromRow: 15, toRow: 15 }]);
    expect(report.percent).toBeLessThan(100);
  });
});

describe('what an entrypoint depends on', () => {
  it('is said by input, base data and rules', async () => {
    expect(valueOf(await toolchain().dependencies({ files: FILES, entrypoint: 'shop/ok' }))).toEqual({
      input: ['input.findings'],
      data: ['data.limits.max'],
      rules: ['data.shop.names.lowered', 'data.shop.ok'],
    });
  });

  it('needs an entrypoint that is there, and sources that compile', async () => {
    expect(problemOf(await toolchain().dependencies({ files: FILES, entrypoint: 'shop/nope' }))).toEqual({
      kind: 'UnknownEntrypoint',
      entrypoint: 'shop/nope',
    });
    const broken = [source('a.rego', 'package a\n\nx := http.send({})\n')];
    expect(problemOf(await toolchain().dependencies({ files: broken, entrypoint: 'a/x' }))).toMatchObject({
      kind: 'RegoInvalid',
    });
  });
});

describe('questions to the compiler', () => {
  it('have an instant where one is given', async () => {
    const instant = 1_795_203_000_123;
    const answer = valueOf(
      await toolchain().evaluate({ files: FILES, entrypoint: 'shop/now', input: {}, instant }),
    );
    expect(answer).toBe(instant);
  });

  it('take any JSON as input, none, and text as it is', async () => {
    const files = [source('a.rego', 'package a\n\nx := [v | v := input]\n')];
    const ask = async (input?: Parameters<OpaToolchain['evaluate']>[0]['input']) =>
      valueOf(
        await toolchain().evaluate({ files, entrypoint: 'a/x', ...(input !== undefined && { input }) }),
      );
    expect(await ask()).toEqual([]);
    expect(await ask(null)).toEqual([null]);
    expect(await ask(false)).toEqual([false]);
    expect(await ask(JsonText.of({ a: [1.5, 'é'] }))).toEqual([{ a: [1.5, 'é'] }]);
  });

  it('give errors with a place, and numbers that JSON would round as an error', async () => {
    const files = [
      source('a.rego', 'package a\n\nx := 1 if input.a\n\nx := 2 if input.a\n\ny := 9007199254740993\n'),
    ];
    expect(
      problemOf(await toolchain().evaluate({ files, entrypoint: 'a/x', input: { a: 1 } })),
    ).toMatchObject({
      kind: 'RegoInvalid',
      errors: [{ code: 'eval_conflict_error', file: 'a.rego' }],
    });
    expect(problemOf(await toolchain().evaluate({ files, entrypoint: 'a/y' }))).toMatchObject({
      errors: [{ code: 'eval_result_error' }],
    });
  });

  it('are explained: every step with its place, its expression and what its variables held', async () => {
    const { events, totalEvents } = valueOf(
      await toolchain().explain({
        ...{ files: FILES, entrypoint: 'shop/ok', input: INPUT, instant: 0 },
        ...{ mode: 'full', maxEvents: 1_000 },
      }),
    );
    expect(totalEvents).toBe(events.length);
    expect(events[0]).toMatchObject({ op: 'Enter', depth: 0, file: '', row: 1 });
    expect(events).toContainEqual({
      op: 'Eval',
      depth: 2,
      file: 'shop.rego',
      row: 8,
      node: 'finding = input.findings[__local0__]',
      message: '',
      locals: '',
    });
    expect(events).toContainEqual(
      expect.objectContaining({ row: 9, locals: '{finding: {"level": 30, "name": "X"}}' }),
    );
    expect(events.find(({ file, op }) => op === 'Enter' && file === 'lib/names.rego')).toMatchObject({
      ...{ depth: 2, row: 3, node: 'data.shop.names.lowered' },
    });
  });

  it('are explained by their failures alone, and no further than asked', async () => {
    const order = { files: FILES, entrypoint: 'shop/ok', input: { findings: [{ name: 'X', level: 1 }] } };
    const fails = valueOf(await toolchain().explain({ ...order, mode: 'fails', maxEvents: 1_000 }));
    expect(fails.events.at(-1)).toMatchObject({ op: 'Fail', file: 'shop.rego', row: 9 });
    expect(fails.totalEvents).toBeLessThan(20);
    const few = valueOf(await toolchain().explain({ ...order, mode: 'full', maxEvents: 2 }));
    expect(few.events).toHaveLength(2);
    expect(few.totalEvents).toBeGreaterThan(fails.totalEvents);
    expect(valueOf(await toolchain().explain({ ...order, mode: 'notes', maxEvents: 10 }))).toEqual({
      events: [],
      totalEvents: 0,
    });
  });
});

describe('the house rules', () => {
  const shipped = readdirSync(regoFolder, { recursive: true })
    .map(String)
    .filter((name) => /^(rules|lib)[\\/].*\.rego$/.test(name))
    .map((name) => source(name.replaceAll('\\', '/'), readFileSync(join(regoFolder, name), 'utf8')));

  it('judge a draft as they judge what ships, and say where', async () => {
    const findings = valueOf(await toolchain().review({ files: shipped, packs: [] }));
    expect(new Set(findings.map(({ problem }) => problem))).toEqual(new Set(['no pack uses this']));
    const path = 'rules/no-secrets/no-secrets.rego';
    const draft = shipped.map((file) =>
      file.path === path
        ? { path, text: `${file.text.replace('# title:', '# headline:')}\nodd if not lower(input.x)\n` }
        : file,
    );
    const found = valueOf(await toolchain().review({ files: draft, packs: [] }));
    expect(found.filter(({ problem }) => problem !== 'no pack uses this')).toEqual([
      { check: 'metadata', file: path, row: 0, problem: 'METADATA has no title' },
      {
        check: 'negation',
        file: path,
        row: draft.find((file) => file.path === path)!.text.split('\n').length - 1,
        problem: 'a negated call takes a path or a rule, which may be undefined',
      },
    ]);
  });

  it('want sources that parse, and name every place that does not', async () => {
    const files = [
      source('lib/b.rego', 'package b\n\nx := \n'),
      source('lib/a.rego', 'package a\n\ny = [\n'),
    ];
    const problem = problemOf(await toolchain().review({ files, packs: [] }));
    expect(problem.kind === 'RegoInvalid' && new Set(problem.errors.map(({ file }) => file))).toEqual(
      new Set(['lib/a.rego', 'lib/b.rego']),
    );
  });

  it('are joined by Regal only where it is installed', async () => {
    const without = new OpaToolchain({
      program: opaProgram(),
      regoFolder,
      regal: join(regoFolder, 'no-such-regal'),
    });
    expect(problemOf(await without.lint(FILES))).toEqual({
      kind: 'LinterUnavailable',
      remedy: expect.stringContaining('https://github.com/open-policy-agent/regal/releases') as string,
    });
  });
});
