import fc from 'fast-check';
import { readXml, REPORT_XML, type XmlLimits } from './xml.js';

/** What the visitor heard, as one line per event. */
function heard(text: string, limits?: XmlLimits): unknown {
  const events: string[] = [];
  const result = readXml(
    text,
    {
      open: ({ name, depth, attributes }) =>
        void events.push(
          `${depth}<${name}${Object.entries(attributes)
            .map(([key, value]) => ` ${key}=${value}`)
            .join('')}`,
        ),
      text: (piece) => void events.push(`"${piece}"`),
      close: ({ local }) => void events.push(`>${local}`),
    },
    limits,
  );
  return result.ok ? events : result.problem;
}

it('tells elements, attributes, text and CDATA in the order of the file', () => {
  expect(heard('<a x="1"><p:b>one &amp; &#x32;</p:b><![CDATA[<3>]]></a>')).toEqual([
    '1<a x=1',
    '2<p:b',
    '"one & 2"',
    '>b',
    '"<3>"',
    '>a',
  ]);
});

it('steps over a byte order mark, the declaration, comments and a DOCTYPE', () => {
  const prolog =
    '\ufeff<?xml version="1.0" encoding="utf-8"?><!-- <b> --><!DOCTYPE a SYSTEM "http://example.com/a.dtd">';
  expect(heard(`${prolog}<a/>`)).toEqual(['1<a', '>a']);
  expect(heard('<!DOCTYPE a [<!ELEMENT a EMPTY>]><a/>')).toEqual(['1<a', '>a']);
});

it.each([
  ['<a>\n  <b></a>', 'NotWellFormed', 2],
  ['<a>', 'NotWellFormed', 1],
  ['<a/><b/>', 'NotWellFormed', 1],
  ['<a x="1" x="2"/>', 'NotWellFormed', 1],
  ['<a>\n\n&other;</a>', 'NotWellFormed', 3],
  ['<a>\u0000</a>', 'NotWellFormed', 1],
  ['<a>\u001b[31m</a>', 'NotWellFormed', 1],
  ['', 'NotWellFormed', 1],
  ['prose', 'NotWellFormed', 1],
  ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///b">]>\n<a>&b;</a>', 'EntityDeclaration', 1],
  ['<!DOCTYPE a [<!ENTITY % b "c">]>\n<a/>', 'EntityDeclaration', 1],
])('refuses %j as %s in line %i', (text, fault, line) => {
  expect(heard(text)).toMatchObject({ fault, line, detail: expect.stringMatching(/.{5}/) });
});

it('expands no entity bomb', () => {
  const lol = '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">';
  expect(heard(`<!DOCTYPE x [${lol}]><x>&b;</x>`)).toMatchObject({ fault: 'EntityDeclaration' });
});

it('refuses what is over a limit, and takes what is at it', () => {
  const limits = { maxDepth: 3, maxAttributes: 2, maxLength: 60 };
  expect(heard('<a><b><c/></b></a>', limits)).toHaveLength(6);
  expect(heard('<a><b><c><d/></c></b></a>', limits)).toMatchObject({ fault: 'TooDeep', line: 1, column: 14 });
  expect(heard('<a x="" y=""/>', limits)).toHaveLength(2);
  expect(heard('<a x="" y="" z=""/>', limits)).toMatchObject({ fault: 'TooManyAttributes' });
  expect(heard(`<a>${' '.repeat(60)}</a>`, limits)).toMatchObject({ fault: 'TooLong' });
  expect(heard('<a>'.repeat(100_000))).toMatchObject({ fault: 'TooDeep' });
});

it('reads a long text in pieces as in one', () => {
  const long = 'é😀x'.repeat(500_000);
  const result: string[] = [];
  expect(readXml(`<a>${long}</a>`, { text: (piece) => void result.push(piece) }).ok).toBe(true);
  expect(result.join('')).toBe(long);
});

it('passes on what the visitor throws', () => {
  const visitor = {
    open: () => {
      throw new RangeError('mine');
    },
  };
  expect(() => readXml('<a/>', visitor)).toThrow(RangeError);
});

it('has an answer for any text', () => {
  const piece = fc.constantFrom(
    '<a',
    '<a>',
    '</a>',
    '/>',
    '"',
    "'",
    '=',
    ' x',
    '&amp;',
    '&',
    ';',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE',
    '[',
    ']',
    '>',
    '<?',
    '?>',
    '\ufeff',
    '\ud83d',
    'é',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const result = readXml(text, {}, REPORT_XML);
        if (!result.ok)
          expect(result.problem).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
      },
    ),
    { numRuns: 2000 },
  );
});
