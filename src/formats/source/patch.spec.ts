import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import parseDiff from 'parse-diff';
import type { EvidenceDocument } from '../model/document.js';
import { normaliseEvidence } from '../normalise.js';

const read = (text: string): EvidenceDocument => normaliseEvidence(Buffer.from(text));
const changed = (text: string): unknown => {
  const document = read(text);
  return (
    document.source?.changed ?? document.reasons.map(({ code, params }) => [code, params['line'] ?? null])
  );
};
const HUNK = '@@ -1,2 +1,3 @@\n one\n+two\n three\n';

describe('patches', () => {
  it('say which lines are new, in the numbering after the change', () => {
    expect(
      changed(
        `diff --git a/src/a.js b/src/a.js\nindex 1..2 100644\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1,3 +1,4 @@ function f\n-old\n+new\n+newer\n kept\n last\n@@ -10,1 +11,2 @@\n ten\n+eleven\n\\ No newline at end of file\n`,
      ),
    ).toEqual([
      {
        path: 'src/a.js',
        status: 'modified',
        from: null,
        lines: [
          [1, 2],
          [12, 12],
        ],
        binary: false,
      },
    ]);
  });

  it('know files that came, went, moved or show no lines', () => {
    expect(
      changed(
        [
          'diff --git a/gone.js b/gone.js\ndeleted file mode 100644\n--- a/gone.js\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n',
          'diff --git a/new.js b/new.js\nnew file mode 100644\n--- /dev/null\n+++ b/new.js\n@@ -0,0 +1 @@\n+x\n',
          'diff --git a/empty.js b/empty.js\nnew file mode 100644\nindex 0000000..e69de29\n',
          'diff --git a/one/old.js b/two/new-name.js\nsimilarity index 90%\nrename from one/old.js\nrename to two/new-name.js\n--- a/one/old.js\n+++ b/two/new-name.js\n',
          HUNK,
          'diff --git a/logo.png b/logo.png\nindex 1..2 100644\nBinary files a/logo.png and b/logo.png differ\n',
          'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n',
        ].join(''),
      ),
    ).toEqual([
      { path: 'empty.js', status: 'added', from: null, lines: [], binary: false },
      { path: 'gone.js', status: 'deleted', from: null, lines: [], binary: false },
      { path: 'logo.png', status: 'modified', from: null, lines: [], binary: true },
      { path: 'new.js', status: 'added', from: null, lines: [[1, 1]], binary: false },
      { path: 'run.sh', status: 'modified', from: null, lines: [], binary: false },
      { path: 'two/new-name.js', status: 'renamed', from: 'one/old.js', lines: [[2, 2]], binary: false },
    ]);
  });

  it.each([
    ['without git', `--- a.c\t2026-11-21 10:00:00\n+++ a.c\t2026-11-21 10:00:01\n${HUNK}`, 'a.c'],
    ['of a folder called a', `diff --git a/a/b.c b/a/b.c\n--- a/a/b.c\n+++ b/a/b.c\n${HUNK}`, 'a/b.c'],
    ['without prefixes', `diff --git src/x.c src/x.c\n--- src/x.c\n+++ src/x.c\n${HUNK}`, 'src/x.c'],
    ['with mnemonic prefixes', `diff --git i/x.c w/x.c\n--- i/x.c\n+++ w/x.c\n${HUNK}`, 'x.c'],
    [
      'of a name in quotes',
      `diff --git "a/\\303\\251.c" "b/\\303\\251.c"\n--- "a/\\303\\251.c"\n+++ "b/\\303\\251.c"\n${HUNK}`,
      'é.c',
    ],
    [
      'with a letter before it',
      `From: somebody\nSubject: x\n\n---\n x.c | 1 +\n\ndiff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n${HUNK}-- \n2.47.0\n`,
      'x.c',
    ],
    [
      'of lines that look like headers',
      `--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n--- one\n+two\n+++ three\n last\n`,
      'x.c',
    ],
  ])('are read %s', (_, text, path) => {
    expect(read(text)).toMatchObject({ format: 'patch', kinds: ['source'], state: 'COMPLETE' });
    expect(read(text).source?.changed?.map((file) => file.path)).toEqual([path]);
  });

  it.each([
    ['that were cut', '--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n one\n+two\n', [['patch.cut', 5]]],
    [
      'whose hunk has too little',
      `--- a/x.c\n+++ b/x.c\n@@ -1,9 +1,9 @@\n one\ndiff --git a/y b/y\n`,
      [['patch.cut', 5]],
    ],
    ['whose hunk has no place', '--- a/x.c\n+++ b/x.c\n@@ what @@\n', [['patch.malformed-hunk', 3]]],
    ['with a hunk of no file', 'diff --git a/x b/y\n@@ -1 +1 @@\n-a\n+b\n', [['patch.malformed-hunk', 2]]],
    [
      'of a merge',
      'diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n@@@ -1,1 -1,1 +1,1 @@@\n',
      [['patch.combined', 1]],
    ],
    ['that lead outside', `--- a/../../etc/passwd\n+++ b/../../etc/passwd\n${HUNK}`, [['patch.no-name', 2]]],
    [
      'that are a series',
      `--- a/x.c\n+++ b/x.c\n${HUNK}--- a/x.c\n+++ b/x.c\n${HUNK}`,
      [['patch.file-twice', null]],
    ],
  ])('are refused %s', (_, text, reasons) => {
    expect(read(text).state).toBe('ERROR');
    expect(changed(text)).toEqual(reasons);
  });

  it('name the same lines as two other programs do', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', '  d', '- e', '+ f', '--- g', '+++ h', '@@ -1 +1 @@');
    const lines = fc.array(line, { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const [old, now] = [before, after].map((all) => all.map((one) => `${one}\n`).join(''));
        if (old === now) return;
        const patch = createTwoFilesPatch('a/x.js', 'b/x.js', old ?? '', now ?? '');
        const theirs = parseDiff(patch).flatMap(({ chunks }) =>
          chunks.flatMap(({ changes }) => changes.flatMap((one) => (one.type === 'add' ? [one.ln] : []))),
        );
        const [file] = read(patch).source?.changed ?? [];
        const ours = (file?.lines ?? []).flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, at) => from + at),
        );
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it('leave out authors, messages and the text of the lines', () => {
    const text = `From: Ann <ann@example.com>\nSubject: our secret plan\n\n--- a/x.c\n+++ b/x.c\n${HUNK}`;
    expect(JSON.stringify(read(text))).not.toMatch(/ann|secret|two/i);
  });
});

describe('lists of expected files', () => {
  const list = (files: unknown): EvidenceDocument =>
    read(JSON.stringify({ format: 'assay.expected-files/1', files }));

  it('are sorted paths of the repository, each once', () => {
    expect(list(['src/b.js', './src/a.js', 'src/b.js'])).toMatchObject({
      kinds: ['source'],
      state: 'COMPLETE',
      source: { changed: null, expected: ['src/a.js', 'src/b.js'] },
    });
  });

  it.each([
    [['/etc/passwd'], 'ERROR', 'expected-files.not-a-path'],
    [['../x'], 'ERROR', 'expected-files.not-a-path'],
    [[7], 'ERROR', 'people.malformed'],
    [[], 'NOT_MEASURED', 'expected-files.none'],
  ])('%j is %s because of %s', (files, state, code) => {
    expect(list(files)).toMatchObject({ state, reasons: [{ code }] });
  });
});
