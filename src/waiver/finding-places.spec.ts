import fc from 'fast-check';
import { digestFrom } from '../kernel/digest.js';
import { findingPlaces } from './finding-places.js';
import { excuses, type WaiverContext } from './match.js';
import { parseSelectors, type FindingIdentity } from './selector.js';
import type { WaiverRecord } from './waiver.js';

const SCHEME = 'class+path+secret/1';
const at = (path: string, secret: string): FindingIdentity => ({
  scheme: SCHEME,
  value: `${path}:${secret}`,
  occurrence: 0,
  content: secret,
});
const documents = (findings: readonly FindingIdentity[], state = 'COMPLETE'): never[] =>
  [
    { state, findings: findings.map((identity) => ({ identity: { ...identity } })), vulnerabilities: [] },
  ] as never[];

function waiverOn(identity: FindingIdentity): WaiverRecord {
  const { scheme, value, content } = identity;
  const selectors = parseSelectors([
    { type: 'finding', scheme, value, ...(content !== undefined && { content }) },
  ]);
  if (!selectors.ok) throw new Error(selectors.problem.expected);
  const waiver = {
    waiverId: 'w',
    orgId: 'o',
    selectors: selectors.value,
    severity: 'critical' as const,
    effectiveFrom: 0,
    effectiveUntil: 100,
    requiredApprovals: 1,
    requesterId: 'rita',
    requestedAt: 0,
    compensatingControl: null,
    reference: null,
    caseId: null,
  };
  const approvals = [{ ordinal: 1, approverId: 'ann', at: 0, authTime: null, amr: [] }];
  return { waiver, approvals, refusal: null, revocation: null };
}

/** Which of the findings a waiver excuses, all of them being violations. */
function excused(waiver: WaiverRecord, findings: readonly FindingIdentity[], state?: string): boolean[] {
  const context: WaiverContext = {
    orgId: 'o',
    gateId: 'GATE_A',
    artId: 'ART_A',
    digest: digestFrom(`sha256:${'1'.repeat(64)}`),
    authorId: null,
    places: findingPlaces(documents(findings, state)),
  };
  const violation = { ruleId: 'no-secrets', severity: 'high' as const, path: null, component: null };
  return findings.map((identity) => excuses(waiver, { ...violation, identity }, context, 50));
}

describe('a waiver for a finding', () => {
  const waiver = waiverOn(at('a', 'k1'));

  it.each([
    ['holds where it stands', [at('a', 'k1')], [true]],
    ['follows it into a renamed file', [at('b', 'k1')], [true]],
    ['does not cover a copy', [at('a', 'k1'), at('b', 'k1')], [true, false]],
    ['covers none of two copies of what has gone', [at('b', 'k1'), at('c', 'k1')], [false, false]],
    ['dies with a changed value', [at('a', 'k2')], [false]],
    ['dies with a changed value in a renamed file', [at('b', 'k2')], [false]],
  ])('%s', (_what, findings, expected) => {
    expect(excused(waiver, findings)).toEqual(expected);
  });

  it('follows nothing where the evidence cannot say what has gone', () => {
    expect(excused(waiver, [at('b', 'k1')], 'INCOMPLETE')).toEqual([false]);
    expect(excused(waiver, [at('a', 'k1')], 'INCOMPLETE')).toEqual([true]);
    expect(findingPlaces([{ state: 'COMPLETE', pages: [{}], findings: [] }])).toBeUndefined();
  });

  it('follows nothing without the content it was given for', () => {
    const { scheme, value } = at('a', 'k1');
    expect(excused(waiverOn({ scheme, value }), [at('b', 'k1')])).toEqual([false]);
  });

  it('cannot name one by its position only', () => {
    const given = [{ type: 'finding', scheme: 'class+position/1', value: 'x' }];
    expect(parseSelectors(given)).toMatchObject({ ok: false, problem: { where: 'selectors[0].scheme' } });
  });

  it('survives every move and dies with every change, whatever else is edited', () => {
    const place = fc.constantFrom('a', 'b', 'c', 'd');
    const others = fc.array(fc.tuple(place, fc.integer({ min: 10, max: 20 })), { maxLength: 10 });
    fc.assert(
      fc.property(place, place, others, fc.boolean(), (from, to, rest, isChanged) => {
        const given = waiverOn(at(from, 'k1'));
        const moved = at(to, isChanged ? 'k2' : 'k1');
        const noise = rest.map(([path, secret]) => at(path, `k${String(secret)}`));
        const found = excused(given, [moved, ...noise]);
        expect(found).toEqual([!isChanged, ...noise.map(() => false)]);
      }),
      { numRuns: 2000 },
    );
  });
});
