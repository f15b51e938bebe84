import { shownNames } from './file-names.js';

const shown = (names: readonly string[], roots?: readonly string[]): unknown => [
  ...shownNames(names, roots).values(),
];

it('keeps what is relative to the repository', () => {
  expect(shown(['src/a.js', './src//b.js', 'ex.test/m/a.go'])).toEqual([
    'src/a.js',
    'src/b.js',
    'ex.test/m/a.go',
  ]);
});

it('takes off the folder a file names as its root', () => {
  expect(shown(['/srv/ann/shop/src/a.py'], ['/srv/ann/shop'])).toEqual(['src/a.py']);
});

it('keeps files of an unknown machine apart without naming its folders', () => {
  expect(shown(['/srv/ann/shop/src/a.js', '/srv/ann/shop/lib/a.js', 'C:\\ann\\shop\\x.cs'])).toEqual([
    '…/srv/ann/shop/src/a.js',
    '…/srv/ann/shop/lib/a.js',
    '…/ann/shop/x.cs',
  ]);
  expect(shown(['/srv/ann/shop/src/a.js', '/srv/ann/shop/lib/a.js'])).toEqual(['…/src/a.js', '…/lib/a.js']);
  expect(shown(['/srv/ann/a.js'])).toEqual(['…/a.js']);
  expect(shown(['../other/a.js', '../b.js'])).toEqual(['…/other/a.js', '…/b.js']);
});

it('names nobody whose home folder it lies in', () => {
  expect(shown(['/home/ann/shop/a.js', '/usr/lib/b.js', 'C:\\Users\\ann\\c.js'])).toEqual([
    '…/shop/a.js',
    '…/usr/lib/b.js',
    '…/c.js',
  ]);
});

it('has a name for a file without one', () => {
  expect(shown([''])).toEqual(['…/']);
});
