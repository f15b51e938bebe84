import * as opaOutput from './opa-output.js';

const location = (file: string, row: number, col: number): object => ({ file, row, col });

describe('what opa prints', () => {
  it('gives errors sorted by place, none twice', () => {
    const at = (file: string, row: number, col: number): object => ({
      message: 'm',
      code: 'c',
      location: location(file, row, col),
    });
    const errors = [
      at('b.rego', 1, 1),
      at('a.rego', 10, 1),
      at('a.rego', 9, 2),
      at('a.rego', 9, 1),
      at('a.rego', 9, 1),
    ];
    const found = opaOutput.readErrors(JSON.stringify({ errors: [...errors, { message: 'no such file' }] }));
    expect(found.map(({ file, row, column }) => [file, row, column])).toEqual([
      ['', 0, 0],
      ['a.rego', 9, 1],
      ['a.rego', 9, 2],
      ['a.rego', 10, 1],
      ['b.rego', 1, 1],
    ]);
  });

  it('is never taken for "no errors" when it is something else', () => {
    expect(() => opaOutput.readErrors('Usage:\n  opa check <path>')).toThrow();
    expect(() => opaOutput.readErrors('{"errors":[]}')).toThrow();
    expect(() => opaOutput.readTests('{}')).toThrow();
    expect(() => opaOutput.readCoverage('[]')).toThrow();
    expect(() => opaOutput.readAnnotations('')).toThrow();
    expect(() => opaOutput.readEvaluation('{"result":[{"expressions":[]}]}')).toThrow();
  });

  it('names mistakes that only the WebAssembly target has', () => {
    const line = 'a.rego:3: rego_recursion_error: rule data.a.b is recursive: data.a.b -> data.a.b';
    const error = { code: 'rego_recursion_error', file: 'a.rego', row: 3, column: 0 };
    expect(opaOutput.readBuildErrors(`error: 1 error occurred: ${line}\n`)).toMatchObject([error]);
    expect(opaOutput.readBuildErrors(`error: 2 errors occurred:\n${line}\n${line}x\n`)).toMatchObject([
      error,
      error,
    ]);
    expect(opaOutput.readBuildErrors('error: open policy.wasm: disk full')).toBeUndefined();
    expect(opaOutput.readBuildErrors('')).toBeUndefined();
    expect(
      opaOutput.readUnknownEntrypoint('error: entrypoint "a/b" does not refer to a rule or policy decision'),
    ).toBe('a/b');
  });

  it('tells tests that fail from tests that err, and decodes what they print', () => {
    const test = {
      location: location('a_test.rego', 3, 1),
      package: 'data.a_test',
      name: 'test_x',
      duration: 1,
    };
    const outcomes = opaOutput.readTests(
      JSON.stringify([
        test,
        { ...test, fail: true, output: 'aGkK' },
        { ...test, skip: true },
        { ...test, fail: true, error: { code: 'e' } },
      ]),
    );
    expect(outcomes.map(({ outcome, output }) => [outcome, output])).toEqual([
      ['pass', ''],
      ['fail', 'hi\n'],
      ['skip', ''],
      ['error', '{"code":"e"}'],
    ]);
    expect(outcomes[0]).toMatchObject({ package: 'a_test', file: 'a_test.rego', row: 3 });
  });

  it('says which version it is', () => {
    expect(
      opaOutput.readVersion(
        'Version: 1.22.0\nGo Version: go1.26\nRego Version: v1\nWebAssembly: available\n',
      ),
    ).toEqual({
      opa: '1.22.0',
      rego: 'v1',
    });
    expect(opaOutput.readVersion('true (GNU coreutils) 9.1')).toBeUndefined();
  });

  it('leaves an undefined rule undefined, and refuses numbers that would be rounded', () => {
    const answer = (value: string): string =>
      `{"result":[{"expressions":[{"value":${value},"text":"data.a"}]}]}`;
    expect(opaOutput.readEvaluation('{}')).toEqual({ ok: true, value: undefined });
    expect(opaOutput.readEvaluation(answer('false'))).toEqual({ ok: true, value: false });
    expect(opaOutput.readEvaluation(answer('9007199254740993'))).toMatchObject({
      ok: false,
      problem: { kind: 'RegoInvalid', errors: [{ code: 'eval_result_error' }] },
    });
  });
});
