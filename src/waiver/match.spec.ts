import { describe, expect, it } from '@jest/globals';
import { digestFrom } from '../kernel/digest.js';
import { changesAfter, concerns, excusedBy, excuses, type Excusable, type WaiverContext } from './match.js';
import type { WaiverSelector } from './selector.js';
import type { Waiver, WaiverRecord } from './waiver.js';

const THIS = digestFrom(`sha256:${'1'.repeat(64)}`);
const OTHER = digestFrom(`sha256:${'2'.repeat(64)}`);
const context: WaiverContext = {
  orgId: 'o1',
  gateId: 'GATE_A',
  artId: 'ART_A',
  digest: THIS,
  authorId: 'zed',
};
const violation: Excusable = {
  ruleId: 'sast-severity',
  severity: 'high',
  path: 'src/a.js',
  identity: { scheme: 's', value: 'v', occurrence: 1 },
  component: 'pkg:npm/x@1.0.0',
};

const rule: WaiverSelector = { type: 'rule', ruleId: 'sast-severity' };
function active(selectors: readonly WaiverSelector[], change: Partial<Waiver> = {}): WaiverRecord {
  const waiver: Waiver = {
    waiverId: 'w1',
    orgId: 'o1',
    selectors,
    severity: 'critical',
    effectiveFrom: 100,
    effectiveUntil: 200,
    requiredApprovals: 1,
    requesterId: 'rita',
    requestedAt: 10,
    compensatingControl: null,
    reference: null,
    caseId: null,
    ...change,
  };
  const approvals = [{ ordinal: 1, approverId: 'ann', at: 50, authTime: null, amr: [] }];
  return { waiver, approvals, refusal: null, revocation: null };
}

describe('a waiver excuses', () => {
  it.each<[string, WaiverSelector[], boolean]>([
    ['its rule', [rule], true],
    ['not another rule', [{ type: 'rule', ruleId: 'no-secrets' }], false],
    ['its gate', [rule, { type: 'gate', gateId: 'GATE_A' }], true],
    ['not another gate', [rule, { type: 'gate', gateId: 'GATE_B' }], false],
    ['every repetition of a finding', [{ type: 'finding', scheme: 's', value: 'v' }], true],
    ['one repetition of it', [{ type: 'finding', scheme: 's', value: 'v', occurrence: 1 }], true],
    ['not another repetition', [{ type: 'finding', scheme: 's', value: 'v', occurrence: 0 }], false],
    ['not another scheme', [{ type: 'finding', scheme: 't', value: 'v' }], false],
    ['not another value', [{ type: 'finding', scheme: 's', value: 'w' }], false],
    ['every version of an artefact', [rule, { type: 'artefact', artId: 'ART_A' }], true],
    ['one version of it', [rule, { type: 'artefact', artId: 'ART_A', digest: THIS }], true],
    ['not another version', [rule, { type: 'artefact', artId: 'ART_A', digest: OTHER }], false],
    ['not another artefact', [rule, { type: 'artefact', artId: 'ART_B', digest: THIS }], false],
    ['paths that match', [rule, { type: 'path', pattern: 'src/**' }], true],
    ['no other path', [rule, { type: 'path', pattern: 'test/**' }], false],
    ['a component', [rule, { type: 'component', purl: 'pkg:npm/x' }], true],
    ['no other component', [rule, { type: 'component', purl: 'pkg:npm/y' }], false],
    [
      'only what all selectors match',
      [rule, { type: 'path', pattern: 'src/**' }, { type: 'gate', gateId: 'GATE_B' }],
      false,
    ],
    ['nothing when it names neither rule nor finding', [{ type: 'gate', gateId: 'GATE_A' }], false],
    ['nothing when it names nothing', [], false],
    ['nothing by a selector nobody knows', [rule, { type: 'all' } as unknown as WaiverSelector], false],
  ])('%s', (_what, selectors, expected) => {
    expect(excuses(active(selectors), violation, context, 150)).toBe(expected);
  });

  it('nothing that has no path, identity or component to be named by', () => {
    const bare = { ...violation, path: null, identity: null, component: null };
    const named: WaiverSelector[] = [
      { type: 'path', pattern: '**' },
      { type: 'finding', scheme: 's', value: 'v' },
      { type: 'component', purl: 'pkg:npm/x' },
    ];
    for (const selector of named) expect(excuses(active([rule, selector]), bare, context, 150)).toBe(false);
  });

  it('nothing above its ceiling', () => {
    expect(excuses(active([rule], { severity: 'medium' }), violation, context, 150)).toBe(false);
    expect(excuses(active([rule], { severity: 'high' }), violation, context, 150)).toBe(true);
  });

  it('nothing of another organisation', () => {
    expect(excuses(active([rule], { orgId: 'o2' }), violation, context, 150)).toBe(false);
  });

  it('nothing outside its window, which is inclusive at both ends', () => {
    const at = [99, 100, 200, 201].map((instant) => excuses(active([rule]), violation, context, instant));
    expect(at).toEqual([false, true, true, false]);
  });

  it('nothing of an artefact whose author is the one who approved', () => {
    expect(excuses(active([rule]), violation, { ...context, authorId: 'ann' }, 150)).toBe(false);
    expect(excuses(active([rule]), violation, { ...context, authorId: null }, 150)).toBe(true);
  });

  it('is credited to the narrowest, then the longest, then by id, whatever the order', () => {
    const wide = active([rule], { waiverId: 'wide', effectiveUntil: 900 });
    const narrow = active([rule, { type: 'path', pattern: 'src/a.js' }], { waiverId: 'narrow' });
    const longer = active(narrow.waiver.selectors, { waiverId: 'longer', effectiveUntil: 300 });
    const twin = active(narrow.waiver.selectors, { waiverId: 'aaa', effectiveUntil: 300 });
    const credited = (...records: WaiverRecord[]): string | undefined =>
      excusedBy(records, violation, context, 150)?.waiver.waiverId;
    expect(credited(wide, narrow)).toBe('narrow');
    expect(credited(narrow, longer, wide)).toBe('longer');
    expect(credited(longer, twin)).toBe('aaa');
    expect(credited(twin, longer)).toBe('aaa');
    expect(credited()).toBeUndefined();
  });
});

describe('the instants at which that changes', () => {
  it('are the begin, and the first instant after the end', () => {
    const changes = (asOf: number): readonly number[] =>
      changesAfter(active([rule]), violation, context, asOf);
    expect([50, 99, 100, 200, 201].map(changes)).toEqual([[100, 201], [100, 201], [201], [201], []]);
  });

  it('are those of the approval and the revocation where these come later and earlier', () => {
    const record = { ...active([rule], { effectiveFrom: 0 }), revocation: { by: 'ann', at: 150 } };
    expect(changesAfter(record, violation, context, 0)).toEqual([50, 150]);
  });

  it('are none for what it does not match, or can never excuse', () => {
    expect(changesAfter(active([{ type: 'rule', ruleId: 'x' }]), violation, context, 0)).toEqual([]);
    const never = { ...active([rule]), revocation: { by: 'ann', at: 100 } };
    expect(changesAfter(never, violation, context, 0)).toEqual([]);
  });
});

describe('what concerns a gate and an artefact version', () => {
  it('is decided without looking at violations or the time', () => {
    expect(concerns(active([rule, { type: 'path', pattern: 'nowhere' }]), context)).toBe(true);
    expect(concerns(active([rule, { type: 'gate', gateId: 'GATE_B' }]), context)).toBe(false);
    expect(concerns(active([rule, { type: 'artefact', artId: 'ART_A', digest: OTHER }]), context)).toBe(
      false,
    );
    expect(concerns(active([rule], { orgId: 'o2' }), context)).toBe(false);
  });
});
