import { aDocument, type EvidenceDocument } from './model/document.js';
import { superseded, type DatedDocument } from './superseded.js';

const tool = (name: string) => [{ name, version: null, versionFrom: 'file' as const }];
const run = (
  collectedAt: number,
  state: EvidenceDocument['state'],
  given: Partial<EvidenceDocument> = {},
  part?: DatedDocument['part'],
): DatedDocument => ({
  collectedAt,
  part,
  document: aDocument({ format: 'sarif', kinds: ['sast'], tools: tool('bandit'), state, ...given }),
});
const replaced = (...evidence: DatedDocument[]): number[] => {
  const found = superseded(evidence);
  return evidence.flatMap((item, at) => (found.has(item) ? [at] : []));
};

describe('a run that did not go well', () => {
  it.each(['ERROR', 'INCOMPLETE', 'NOT_MEASURED', 'UNKNOWN'] as const)(
    '(%s) is replaced by a later whole one of the same tool about the same kinds',
    (state) => {
      expect(replaced(run(1, state), run(2, 'COMPLETE'))).toEqual([0]);
      expect(replaced(run(2, 'COMPLETE'), run(1, state))).toEqual([1]);
    },
  );

  it('is not replaced by an earlier one, by one of the same instant, or by another that failed', () => {
    expect(replaced(run(1, 'COMPLETE'), run(2, 'ERROR'))).toEqual([]);
    expect(replaced(run(1, 'COMPLETE'), run(1, 'ERROR'))).toEqual([]);
    expect(replaced(run(1, 'ERROR'), run(2, 'INCOMPLETE'))).toEqual([]);
    expect(replaced(run(1, 'COMPLETE'), run(2, 'ERROR'), run(3, 'COMPLETE'))).toEqual([1]);
  });

  it('is not replaced by another tool, or about other kinds', () => {
    expect(replaced(run(1, 'ERROR'), run(2, 'COMPLETE', { tools: tool('semgrep') }))).toEqual([]);
    expect(replaced(run(1, 'ERROR'), run(2, 'COMPLETE', { kinds: ['secrets'] }))).toEqual([]);
    expect(replaced(run(1, 'ERROR', { kinds: ['iac', 'sast'] }), run(2, 'COMPLETE'))).toEqual([]);
  });

  it('is told by its format where its report names no tool, and by nothing where that is unknown too', () => {
    const nameless = { tools: [], format: 'semgrep' };
    expect(replaced(run(1, 'ERROR', nameless), run(2, 'COMPLETE', nameless))).toEqual([0]);
    expect(replaced(run(1, 'ERROR', nameless), run(2, 'COMPLETE'))).toEqual([]);
    const unknown = { tools: [], format: 'unknown' };
    expect(replaced(run(1, 'ERROR', unknown), run(2, 'COMPLETE', unknown))).toEqual([]);
    const kindless = { kinds: [] };
    expect(replaced(run(1, 'ERROR', kindless), run(2, 'COMPLETE', kindless))).toEqual([]);
  });

  it('as a part of a set is replaced by the same part only', () => {
    const [one, two] = [1, 2].map((part) => ({ set: 's', part, of: 2 }));
    expect(replaced(run(1, 'ERROR', {}, one), run(2, 'COMPLETE', {}, one))).toEqual([0]);
    expect(replaced(run(1, 'ERROR', {}, one), run(2, 'COMPLETE', {}, two))).toEqual([]);
    expect(replaced(run(1, 'ERROR', {}, one), run(2, 'COMPLETE'))).toEqual([]);
  });

  it('that was whole is never replaced: whoever scans less must not hide what was found', () => {
    expect(replaced(run(1, 'COMPLETE'), run(2, 'COMPLETE'))).toEqual([]);
  });
});
