import { describe, expect, it } from '@jest/globals';
import { JsonText } from '../../kernel/json-text.js';
import { union } from './link.js';
import type { RegoSource } from '../../rego/compiler.port.js';

const LIB = {
  path: 'lib/report.rego',
  text: '# about data and such\npackage assay.lib.report\n\nanswer(x) := x\n',
};
const rule = (name: string, body = 'result := report.answer(input)'): RegoSource => ({
  path: `rules/${name}.rego`,
  text: `# METADATA\npackage assay.rules.${name}\n\nimport data.assay.lib.report\n\n${body}\n`,
});
const policy = (...files: RegoSource[]) => ({ files: [LIB, ...files] });

describe('the union of policies', () => {
  it('is every file once, sorted', () => {
    const both = union([policy(rule('b'), rule('a')), policy(rule('a'))]);
    expect(both?.map(({ path }) => path)).toEqual(['lib/report.rego', 'rules/a.rego', 'rules/b.rego']);
  });

  it.each<[string, ReturnType<typeof policy>]>([
    ['a file has another text', policy({ ...rule('a'), text: `${rule('a').text}\nmore := 1\n` })],
    ['a package has another file', policy(rule('a'), { path: 'x.rego', text: 'package assay.rules.a\n' })],
    ['a package is made of another file', policy({ ...rule('a'), path: 'rules/elsewhere.rego' })],
    [
      'a policy would see a package of the other below a path it refers to',
      policy({ path: 'lib/more.rego', text: 'package assay.lib.report.more\n' }),
    ],
    ['a policy looks through packages', policy(rule('c', 'result := data.assay.rules[_].result'))],
    ['a policy looks through all of data', policy(rule('c', 'result := [x | walk(data, [_, x])]'))],
    ['a policy computes what it refers to', policy(rule('c', 'result := data[input.x].y'))],
    ['a template string hides a comment', policy(rule('c', 'result := $`\n# {data[input.x]}\n`'))],
    [
      'a package lies above one whose metadata is read',
      policy(rule('c', 'result := rego.metadata.chain()'), rule('d'), rule('e')),
    ],
    ['a package cannot be read off', policy({ path: 'odd.rego', text: 'package assay["odd"]\n' })],
  ])('is not made where %s', (what, other) => {
    const above = { path: 'above.rego', text: 'package assay.rules\n' };
    const first = what.includes('lies above') ? policy(rule('a'), above) : policy(rule('a'));
    expect(union([first, other])).toBeUndefined();
    expect(union([other, first])).toBeUndefined();
  });

  it('is not made where one has a base document', () => {
    expect(union([policy(rule('a')), { ...policy(rule('b')), data: JsonText.of({ a: 1 }) }])).toBeUndefined();
  });

  it('is made where metadata, words and members are harmless', () => {
    const body =
      'result := [rego.metadata.chain(), input.data.x, "data[x]", regex.match(`^x$`, "y"), report.answer(1)]';
    expect(union([policy(rule('a', body)), policy(rule('b'))])).toHaveLength(3);
  });
});
