import { readIgnoreFile } from './ignore-file.js';

const COMMIT = 'a'.repeat(40);

describe('.gitleaksignore', () => {
  it('names places, with and without a commit, and with colons in a path', () => {
    const file = readIgnoreFile(
      'gitleaksignore',
      [
        '# known',
        'src/a.js:generic-api-key:3',
        `${COMMIT}:b.py:aws-access-token:12`,
        'c:/d:e.go:github-pat:1',
        '',
      ].join('\r\n'),
    );
    expect(file?.places.map(({ line, path, rule, startLine }) => [line, path, rule, startLine])).toEqual([
      [2, 'src/a.js', 'generic-api-key', 3],
      [3, 'b.py', 'aws-access-token', 12],
      [4, 'c:/d:e.go', 'github-pat', 1],
    ]);
    expect(file?.unreadable).toEqual([]);
  });

  it('says which lines it cannot read', () => {
    expect(readIgnoreFile('gitleaksignore', 'a.js\nx:y:z\n:rule:3')?.unreadable).toEqual([
      { line: 1, text: 'a.js' },
      { line: 2, text: 'x:y:z' },
      { line: 3, text: ':rule:3' },
    ]);
  });
});

describe('baselines', () => {
  it('of gitleaks give places and never a value', () => {
    const file = readIgnoreFile(
      'gitleaks-baseline',
      JSON.stringify([
        { File: 'a.js', RuleID: 'github-pat', StartLine: 3, Secret: 'hunter2', Match: 'hunter2' },
        {},
      ]),
    );
    expect(file).toEqual({
      places: [{ line: null, text: 'a.js:github-pat:3', path: 'a.js', rule: 'github-pat', startLine: 3 }],
      unreadable: [{ line: null, text: '[1]' }],
    });
  });

  it('of detect-secrets stand by file', () => {
    const results = {
      'a.py': [{ type: 'Secret Keyword', line_number: 7, hashed_secret: 'da39' }, { type: 3 }],
    };
    expect(readIgnoreFile('detect-secrets-baseline', JSON.stringify({ results }))).toEqual({
      places: [
        { line: null, text: 'a.py:Secret Keyword:7', path: 'a.py', rule: 'Secret Keyword', startLine: 7 },
      ],
      unreadable: [{ line: null, text: 'results["a.py"][1]' }],
    });
  });

  it('are refused when they are something else', () => {
    expect(readIgnoreFile('gitleaks-baseline', '{}')).toBeNull();
    expect(readIgnoreFile('gitleaks-baseline', 'not JSON')).toBeNull();
    expect(readIgnoreFile('detect-secrets-baseline', '[]')).toBeNull();
  });
});
