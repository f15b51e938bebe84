import fc from 'fast-check';
import type { CompiledBundle } from '../../../src/rego/compiler.port.js';
import { describeSamples, sampleJson } from '../evidence/samples.js';
import { compileLicences, judge, type Asked } from './licence-policy.js';
import { ALLOWS, REQUIRES_ANY } from './rows.js';
import { truthAllows, truthRequiresAny } from './truth-table.js';

/** ASSAY_LONG=1: a million. */
const EXPRESSIONS = process.env['ASSAY_LONG'] === '1' ? 1_000_000 : 10_000;
/** At once, with a seed of its own: what fast-check draws gets slower and slower the more it is asked for. */
const CHUNK = 10_000;
const SEED = Number(process.env['ASSAY_SEED'] ?? Date.now() % 1_000_000_000);

const bundle = compileLicences();

/** What each row is answered, beside what it should be. */
const table = async (rows: typeof ALLOWS, question: 'allows' | 'requiresAny') => {
  const answers = await judge(
    await bundle,
    rows.map(([expression, list]): Asked => [expression, list]),
  );
  return rows.map(([expression, list], index) => [expression, list, answers[index]?.[question]]);
};

describe('the two questions about licences', () => {
  it(`allows: ${String(ALLOWS.length)} rows`, async () => {
    expect(await table(ALLOWS, 'allows')).toEqual(ALLOWS);
  });

  it(`requires any of: ${String(REQUIRES_ANY.length)} rows`, async () => {
    expect(await table(REQUIRES_ANY, 'requiresAny')).toEqual(REQUIRES_ANY);
  });
});

describeSamples('the licence samples', () => {
  interface Sample {
    readonly expression: string;
    readonly allow: readonly string[];
    readonly allows: boolean;
    readonly deny: readonly string[];
    readonly requiresAny: boolean;
  }

  it('are answered as their table says: allowed in 35 of 66, required in 12', async () => {
    const rows: Sample[] = sampleJson('licences/expressions.json').rows;
    const allows = await judge(
      await bundle,
      rows.map(({ expression, allow }): Asked => [expression, allow]),
    );
    const requires = await judge(
      await bundle,
      rows.map(({ expression, deny }): Asked => [expression, deny]),
    );
    const answered = rows.map(({ expression }, index) => ({
      expression,
      allows: allows[index]?.allows,
      requiresAny: requires[index]?.requiresAny,
    }));
    expect(answered).toEqual(
      rows.map(({ expression, allows, requiresAny }) => ({ expression, allows, requiresAny })),
    );
    expect([allows.filter((one) => one.allows), requires.filter((one) => one.requiresAny)]).toMatchObject([
      { length: 35 },
      { length: 12 },
    ]);
  });
});

describe(`${String(EXPRESSIONS)} random expressions against a truth table (seed ${String(SEED)})`, () => {
  it(
    'have no disagreement',
    async () => {
      const judged = await bundle;
      const counts = { asked: 0, allows: 0, requiresAny: 0 };
      for (let chunk = 0; counts.asked < EXPRESSIONS; chunk += 1) {
        const { found, yes } = await disagreements(judged, random(CHUNK, SEED + chunk));
        expect({ seed: SEED + chunk, found }).toEqual({ seed: SEED + chunk, found: [] });
        counts.asked += CHUNK;
        counts.allows += yes.allows;
        counts.requiresAny += yes.requiresAny;
      }
      // Both answers of both questions are common: nobody agreed by saying the same to everything.
      for (const yes of [counts.allows, counts.requiresAny]) {
        expect(yes).toBeGreaterThan(counts.asked / 50);
        expect(yes).toBeLessThan(counts.asked / 2);
      }
      if (EXPRESSIONS > CHUNK)
        process.stdout.write(`licences, seed ${String(SEED)}: ${JSON.stringify(counts)}\n`);
    },
    EXPRESSIONS > 100_000 ? 3_600_000 : 120_000,
  );

  it.each([
    [
      'AND read as OR',
      (text: string) =>
        text.replace('every id in alternative {', 'some id in alternative\n\tevery _ in [0] {'),
    ],
    [
      'OR read as AND',
      (text: string) =>
        text.replace(
          'every alternative in licence.alternatives {\n\t\tsome',
          'some alternative in licence.alternatives\n\tevery _ in [0] {\n\t\tsome',
        ),
    ],
    [
      'an exception overlooked',
      (text: string) => text.replaceAll('asked.exception == other.exception', 'true'),
    ],
    ['"or later" overlooked', (text: string) => text.replace('{"+", "-or-later"}', '{"+"}')],
    [
      'an unknown licence allowed',
      (text: string) =>
        text
          .replaceAll('licence.state == "OK"', 'true')
          .replace('count(alternative) > 0', 'true')
          .replace(
            'some alternative in licence.alternatives',
            'some alternative in array.concat(licence.alternatives, [[] | licence.state != "OK"])',
          ),
    ],
  ])('would show a planted mistake: %s', async (_, mistake) => {
    const mistaken = await compileLicences(mistake);
    expect(mistaken.digest).not.toBe((await bundle).digest);
    expect((await disagreements(mistaken, random(2_000, SEED))).found.length).toBeGreaterThan(0);
  });
});

const IDS = [
  ...['MIT', 'ISC', 'Zlib', '0BSD', 'BSD-3-Clause', 'LicenseRef-house', 'licenseref-House'],
  ...['Apache-1.1', 'Apache-1.1+', 'Apache-2.0', 'GPL-1.0-only', 'GPL-2.0', 'GPL-2.0+', 'GPL-2.0-only'],
  ...['GPL-2.0-or-later', 'GPL-3.0-only', 'GPL-3.0-or-later', 'LGPL-2.1-only', 'LGPL-3.0-or-later'],
  ...['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-3.0+ WITH Classpath-exception-2.0'],
  ...['GPL-3.0-only WITH GCC-exception-3.1', 'Apache-2.0 WITH LLVM-exception'],
  ...['GPL-2.0-with-classpath-exception', 'GPL-3.0-with-GCC-exception'],
];
const UNKNOWN_IDS = ['Unheard-Of-1.0', 'GPL-9.9', 'MIT WITH Nothing'];

const known = fc
  .tuple(fc.constantFrom(...IDS), fc.boolean())
  // Case is nobody's business, save that an operator is all upper or all lower.
  .map(([id, lower]) => (lower ? id.toLowerCase() : id));
const leaf = fc.oneof(
  { weight: 60, arbitrary: known },
  { weight: 1, arbitrary: fc.constantFrom(...UNKNOWN_IDS) },
);

const expression = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc
      .tuple(tie('tree'), fc.constantFrom(' AND ', ' OR ', ' and ', ' or '), tie('tree'))
      .map(([left, operator, right]) => `(${left})${operator}${right}`),
    fc
      .tuple(tie('tree'), fc.constantFrom(' AND ', ' OR '), tie('tree'))
      .map(([left, operator, right]) => `${left}${operator}${right}`),
  ),
})).tree;

const random = (count: number, seed: number): readonly Asked[] =>
  fc.sample(fc.tuple(expression, fc.array(known, { maxLength: 5 })), { numRuns: count, seed });

async function disagreements(judged: CompiledBundle, asked: readonly Asked[]) {
  const answers = await judge(judged, asked);
  const yes = {
    allows: answers.filter(({ allows }) => allows).length,
    requiresAny: answers.filter(({ requiresAny }) => requiresAny).length,
  };
  const found = asked.flatMap(([text, list], index) => {
    const isKnown = !UNKNOWN_IDS.some((id) => text.includes(id));
    const truth = {
      allows: isKnown && truthAllows(text, list),
      requiresAny: isKnown && truthRequiresAny(text, list),
    };
    const answer = answers[index];
    const agrees = answer?.allows === truth.allows && answer.requiresAny === truth.requiresAny;
    return agrees ? [] : [{ text, list, answer, truth }];
  });
  return { found, yes };
}
