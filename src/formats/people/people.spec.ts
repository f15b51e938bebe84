import { normaliseEvidence } from '../normalise.js';

const read = (value: object) => normaliseEvidence(Buffer.from(JSON.stringify(value)));

const ATTESTED = {
  format: 'assay.attestation/1',
  checklistId: 'CHK_PRODUCTION_READY',
  by: 'ops-lead',
  at: '2026-11-21T10:00:00Z',
  items: [
    { itemId: 'backup-implemented', answer: 'yes', evidence: [`sha256:${'ab'.repeat(32)}`] },
    { itemId: 'recovery-tested', answer: 'no', note: 'planned for December' },
  ],
};

describe('attestations', () => {
  it('say item by item who vouches for what', () => {
    expect(read(ATTESTED)).toMatchObject({
      format: 'assay.attestation/1',
      kinds: ['attestation'],
      state: 'COMPLETE',
      attestations: [
        {
          checklistId: 'CHK_PRODUCTION_READY',
          itemId: 'backup-implemented',
          answer: 'yes',
          by: 'ops-lead',
          at: '2026-11-21T10:00:00Z',
          note: null,
          evidence: [`sha256:${'ab'.repeat(32)}`],
        },
        { itemId: 'recovery-tested', answer: 'no', note: 'planned for December', evidence: [] },
      ],
    });
  });

  it.each([
    ['an answer that is none', { items: [{ itemId: 'a', answer: 'maybe' }] }, '$.items[0].answer'],
    ['a time without a zone', { at: '2026-11-21T10:00:00' }, '$.at'],
    ['a field nobody knows', { approved: true }, '$'],
    [
      'a digest that is none',
      { items: [{ itemId: 'a', answer: 'yes', evidence: ['x'] }] },
      '$.items[0].evidence[0]',
    ],
  ])('are refused for %s, by its place', (_, change, where) => {
    expect(read({ ...ATTESTED, ...change })).toMatchObject({
      state: 'ERROR',
      kinds: ['attestation'],
      reasons: [{ code: 'people.malformed', params: { where } }],
    });
  });

  it('are no answer when an item is answered twice, and nothing when none is', () => {
    const [first] = ATTESTED.items;
    expect(read({ ...ATTESTED, items: [first, { ...first, answer: 'no' }] })).toMatchObject({
      state: 'ERROR',
    });
    expect(read({ ...ATTESTED, items: [] })).toMatchObject({ state: 'NOT_MEASURED' });
  });
});

describe('agent runs', () => {
  const RUN = {
    ...{ agentId: 'agent-1', modelName: 'm', modelVersion: '1', temperature: '0.2', presetId: 'p' },
    promptHash: `sha256:${'cd'.repeat(32)}`,
  };

  it('say with what an artefact was made', () => {
    expect(read({ format: 'assay.agent-run/1', runs: [RUN] })).toMatchObject({
      ...{ kinds: ['agent-run'], state: 'COMPLETE', agentRuns: [RUN] },
    });
  });

  it('lack no field', () => {
    for (const field of Object.keys(RUN))
      expect(read({ format: 'assay.agent-run/1', runs: [{ ...RUN, [field]: undefined }] })).toMatchObject({
        state: 'ERROR',
        reasons: [{ params: { where: `$.runs[0].${field}` } }],
      });
    expect(read({ format: 'assay.agent-run/1', runs: [] }).state).toBe('NOT_MEASURED');
  });
});
