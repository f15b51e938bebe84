import { normaliseEvidence } from '../normalise.js';

const read = (value: object) => normaliseEvidence(Buffer.from(JSON.stringify(value)));
const file = (...criteria: readonly object[]): object => ({ format: 'assay.acceptance/1', criteria });
const CRITERION = { id: 'AC-1', title: 'A voucher is taken once' };

describe('acceptance criteria', () => {
  it('name the tests that show them, as far as they are named', () => {
    const tests = [
      { suite: 'pricing', name: 'takes a voucher once' },
      { classname: 'Voucher', name: 'once' },
    ];
    expect(
      read(file({ ...CRITERION, storyId: 'US-7', tests }, { id: 'AC-2', title: 'Later' })),
    ).toMatchObject({
      format: 'assay.acceptance/1',
      kinds: ['acceptance'],
      state: 'COMPLETE',
      criteria: [
        {
          ...{ id: 'AC-1', title: 'A voucher is taken once', storyId: 'US-7' },
          tests: [
            { suite: 'pricing', classname: null, name: 'takes a voucher once' },
            { suite: null, classname: 'Voucher', name: 'once' },
          ],
        },
        { id: 'AC-2', title: 'Later', storyId: null, tests: [] },
      ],
    });
  });

  it.each([
    ['a criterion without a title', [{ id: 'AC-1' }], '$.criteria[0].title'],
    ['an empty id', [{ ...CRITERION, id: '' }], '$.criteria[0].id'],
    ['a test without a name', [{ ...CRITERION, tests: [{ suite: 's' }] }], '$.criteria[0].tests[0].name'],
    ['a field nobody knows', [{ ...CRITERION, done: true }], '$.criteria[0]'],
  ])('are refused for %s', (_, criteria, where) => {
    expect(read(file(...criteria))).toMatchObject({
      state: 'ERROR',
      kinds: ['acceptance'],
      reasons: [{ code: 'people.malformed', params: { where } }],
    });
  });

  it('are refused when one id stands for two of them', () => {
    expect(read(file(CRITERION, { ...CRITERION, title: 'Another' }))).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'people.criterion-twice', params: { criterion: 'AC-1' } }],
    });
  });

  it('are not measured when there are none', () => {
    expect(read(file())).toMatchObject({ state: 'NOT_MEASURED', reasons: [{ code: 'people.no-criteria' }] });
  });
});
