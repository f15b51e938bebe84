import { describe, expect, it } from '@jest/globals';
import { asGranted } from './granted.js';
import { activeSpan, type Approval, type WaiverRecord } from './waiver.js';

const approval = (ordinal: number, approverId: string, at = 50): Approval => ({
  ...{ ordinal, approverId, at, authTime: null, amr: [] },
});
const record = (approvals: readonly Approval[], required: number): WaiverRecord => ({
  waiver: {
    ...{ waiverId: 'w', orgId: 'o', selectors: [{ type: 'rule', ruleId: 'r' }], severity: 'high' },
    ...{ effectiveFrom: 0, effectiveUntil: 1_000, requiredApprovals: required, requesterId: 'rita' },
    ...{ requestedAt: 0, compensatingControl: null, reference: null, caseId: null },
  },
  ...{ approvals, refusal: null, revocation: null },
});

describe('a waiver as if it were granted', () => {
  it('begins when the last one who is needed would have approved', () => {
    expect(activeSpan(asGranted(record([], 2), 100), null)?.from).toBe(100);
    expect(activeSpan(asGranted(record([approval(1, 'ann')], 1), 100), null)?.from).toBe(50);
  });

  it('counts only approvals that count: the requester’s own, and one authority twice, do not', () => {
    const own = record([approval(1, 'rita'), approval(2, 'ann')], 2);
    const twice = record(
      [
        approval(1, 'ann'),
        { ...approval(2, 'bob'), delegatedFrom: { delegationId: 'd', delegatorId: 'ann' } },
      ],
      2,
    );
    for (const each of [own, twice]) {
      expect(activeSpan(each, null)).toBeUndefined();
      expect(activeSpan(asGranted(each, 100), null)?.from).toBe(100);
    }
  });

  it('stays ended when it has ended', () => {
    const ending = { by: 'ann', at: 60 };
    for (const over of [
      { ...record([approval(1, 'ann')], 1), revocation: ending },
      { ...record([], 1), refusal: ending },
    ])
      expect(activeSpan(asGranted(over, 100), null)?.to ?? 0).toBeLessThanOrEqual(60);
  });
});
