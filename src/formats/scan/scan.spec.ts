import { normaliseEvidence } from '../normalise.js';
import { evidenceDocumentSchema } from '../model/document.js';
import type { ToolRun } from '../model/tool-run.js';
import { SCAN_MESSAGES } from './messages.js';
import { SCAN_REASONS, scanReason } from './scan-reason.js';
import { encodeScanRecord } from './scan-record.js';
import { withToolRun } from './with-tool-run.js';

const run = (given: Partial<ToolRun> = {}): ToolRun => ({
  scanner: 'gitleaks',
  tool: { name: 'gitleaks', version: '8.30.1' },
  kinds: ['secrets'],
  outcome: 'FINISHED',
  reasons: [],
  exitStatus: 0,
  files: 3,
  dataDate: null,
  emptyIsClean: false,
  ...given,
});

const SARIF = JSON.stringify({
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'gitleaks', semanticVersion: 'v8.0.0' } },
      invocations: [{ executionSuccessful: true }],
      results: [],
    },
  ],
});
const read = (text: string, declaredFormat?: string) =>
  normaliseEvidence(Buffer.from(text), declaredFormat === undefined ? {} : { declaredFormat });

it('has words for every reason', () => {
  expect(Object.keys(SCAN_MESSAGES).sort()).toEqual([...SCAN_REASONS].sort());
});

describe('a record that a scanner did not run', () => {
  it.each([
    ['NOT_RUN', 'ERROR'],
    ['FAILED', 'ERROR'],
    ['PARTIAL', 'ERROR'],
    ['FINISHED', 'ERROR'],
    ['NOTHING_TO_SCAN', 'NOT_MEASURED'],
  ] as const)('with the outcome %s is in state %s, and never complete', (outcome, state) => {
    const bytes = encodeScanRecord(
      run({ outcome, reasons: [scanReason('scan.killed')] }),
      'Segmentation fault',
    );
    const document = normaliseEvidence(bytes);
    expect(document).toMatchObject({
      format: 'assay-scan',
      kinds: ['secrets'],
      state,
      reasons: [{ code: 'scan.killed' }],
      tools: [{ name: 'gitleaks', version: '8.30.1', versionFrom: 'worker' }],
    });
    expect(() => evidenceDocumentSchema.parse(document)).not.toThrow();
  });

  it('that is not ours is an error, and speaks to nothing', () => {
    expect(read('{"assayScan": 2}')).toMatchObject({
      state: 'ERROR',
      kinds: [],
      reasons: [{ code: 'scan.malformed' }],
    });
  });
});

describe('what the worker knows of a run', () => {
  it('is the version that was installed, the kinds that were asked for, and the age of the data', () => {
    const dataDate = '2026-11-01T00:00:00.000Z';
    const document = withToolRun(read(SARIF), run({ kinds: ['iac'], dataDate }), 'sarif');
    expect(document).toMatchObject({ state: 'COMPLETE', kinds: ['iac'], dataDate });
    expect(document.tools).toEqual([{ name: 'gitleaks', version: '8.30.1', versionFrom: 'worker' }]);
  });

  it.each([
    ['PARTIAL', 'INCOMPLETE'],
    ['FAILED', 'ERROR'],
    ['NOT_RUN', 'ERROR'],
  ] as const)('makes a report that reads as clean %s: %s', (outcome, state) => {
    const reasons = [scanReason('scan.exit-status', { status: 2 })];
    expect(withToolRun(read(SARIF), run({ outcome, reasons }), 'sarif')).toMatchObject({ state, reasons });
  });

  it('never makes a report better than it reads', () => {
    const broken = read('{"version": "2.1.0", "runs": null}');
    expect(withToolRun(broken, run(), 'sarif')).toMatchObject({ state: 'ERROR', kinds: ['secrets'] });
  });

  it('tells an empty report that is clean from one of a crash', () => {
    const clean = run({ emptyIsClean: true });
    expect(withToolRun(read('', 'trufflehog'), clean, 'trufflehog')).toMatchObject({
      format: 'trufflehog',
      state: 'COMPLETE',
      kinds: ['secrets'],
    });
    expect(withToolRun(read('', 'trufflehog'), run(), 'trufflehog').state).toBe('ERROR');
    const failed = run({ emptyIsClean: true, outcome: 'FAILED' });
    expect(withToolRun(read('', 'trufflehog'), failed, 'trufflehog').state).toBe('ERROR');
  });
});
