import { parseRego } from '../value/read-dump.js';
import { writeTerm } from '../value/write-term.js';
import { URLS } from './urls.js';

const context = { instant: 0, seed: '' };

function call(name: string, operand: string): string {
  const answer = URLS[name]?.(context, parseRego(operand));
  return answer === undefined ? 'undefined' : writeTerm(answer);
}

describe('URL builtins', () => {
  it.each([
    [
      'uri.parse',
      '"HTTPS://u:p@example.com:8080/a%2fb?q=1#f%20g"',
      '{"scheme": "https", "hostname": "example.com", "port": "8080", "path": "/a/b", "raw_path": "/a%2fb", "raw_query": "q=1", "fragment": "f g"}',
    ],
    ['uri.parse', '"mailto:a@b"', '{"scheme": "mailto"}'],
    [
      'uri.parse',
      '"http://[fe80::1%25eth0]:80"',
      '{"scheme": "http", "hostname": "fe80::1%eth0", "port": "80"}',
    ],
    // What follows a scheme without a slash is opaque, and anything goes there.
    ['uri.parse', '"a:b:c%zz"', '{"scheme": "a"}'],
    ['uri.parse', '""', '{}'],
    ['uri.is_valid', '"http://a b/"', 'false'],
    ['uri.is_valid', '"a/b"', 'true'],
    ['uri.is_valid', '""', 'false'],
    ['uri.is_valid', '[1]', 'false'],
    ['urlquery.encode', '"a b&c=é~"', '"a+b%26c%3D%C3%A9~"'],
    ['urlquery.decode', '"a+b%26%C3%A9%ff"', '"a b&é�"'],
    ['urlquery.encode_object', '{"b": "1", "a": ["y", "x"], "c": {"z"}}', '"a=y&a=x&b=1&c=z"'],
    ['urlquery.decode_object', '"a=1&b&a=2&=x&&"', '{"": ["x"], "a": ["1", "2"], "b": [""]}'],
  ])('%s(%s) is %s', (name, operand, answer) => {
    expect(call(name, operand)).toBe(writeTerm(parseRego(answer)));
  });

  it.each([
    ['uri.parse', '":a"', 'missing protocol scheme'],
    ['uri.parse', '"1a:b"', 'first path segment in URL cannot contain colon'],
    ['uri.parse', '"http://a:b:c/"', 'invalid port'],
    ['uri.parse', '"http://[::1/"', "missing ']' in host"],
    ['uri.parse', '"http://[1.2.3.4]/"', 'invalid host'],
    ['uri.parse', '"/\\u0001"', 'invalid control character'],
    ['urlquery.decode', '"%4"', 'invalid URL escape'],
    ['urlquery.encode_object', '{"a": 1}', 'values must be string, array[string], or set[string]'],
    ['urlquery.decode_object', '"a;b"', 'invalid semicolon separator'],
  ])('%s(%s) errs: %s', (name, operand, message) => {
    expect(() => call(name, operand)).toThrow(message);
  });
});
