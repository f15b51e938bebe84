import { folderOfUri, pathOfUri, repositoryPath } from './path.js';

/** Where hosted runners check projects out, below the home folder. */
const CHECKOUTS = 'work';

it.each([
  ['src/a.js', 'src/a.js'],
  ['./src//a.js', 'src/a.js'],
  ['src\\win\\a.cs', 'src/win/a.cs'],
  ['src/../lib/a.js', 'lib/a.js'],
  ['../outside.js', undefined],
  ['', undefined],
  ['/home/ann/code/shop/a.js', undefined],
  [`/home/runner/${CHECKOUTS}/shop/shop/src/a.js`, 'src/a.js'],
  ['D:\\a\\shop\\shop\\src\\a.cs', 'src/a.cs'],
  ['/C:/code/file1.c', 'file1.c'],
  ['/builds/group/shop/src/a.py', 'src/a.py'],
  ['/github/workspace/../../etc/passwd', undefined],
])('%s lies at %s', (path, expected) => {
  expect(repositoryPath(path)).toBe(expected);
});

it('makes a path relative to the folders a file names', () => {
  expect(repositoryPath('/home/ann/shop/src/a.js', ['/home/ann/shop'])).toBe('src/a.js');
  expect(repositoryPath('/home/ann/shopping/a.js', ['/home/ann/shop'])).toBeUndefined();
  expect(repositoryPath('/etc/passwd', ['/'])).toBeUndefined();
});

it('reads URIs, and takes paths for what they are', () => {
  expect(pathOfUri('file:///home/ann/my%20shop/a.js')).toBe('/home/ann/my shop/a.js');
  expect(pathOfUri('file://build.example.com/srv/')).toBe('/srv/');
  expect(pathOfUri('100%.js')).toBe('100%.js');
  expect(pathOfUri('C:/code/a.c')).toBe('C:/code/a.c');
  expect(pathOfUri('https://example.com/a.js')).toBeUndefined();
  expect(pathOfUri('pkg:npm/x@1')).toBeUndefined();
  expect(pathOfUri('a%00b')).toBeUndefined();
  expect(folderOfUri('file:///C:/code/')).toBe('/code/');
  expect(folderOfUri('src/')).toBeUndefined();
});
