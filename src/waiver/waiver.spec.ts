import { describe, expect, it } from '@jest/globals';
import { approve, refuse, revoke } from './approve.js';
import {
  asKnownAt,
  recordDigest,
  stateOf,
  waiverDigest,
  waiverRefs,
  waiverSetDigest,
  type Approval,
  type Waiver,
  type WaiverRecord,
} from './waiver.js';

const waiver: Waiver = {
  waiverId: 'w1',
  orgId: 'o1',
  selectors: [{ type: 'rule', ruleId: 'sast-severity' }],
  severity: 'high',
  effectiveFrom: 100,
  effectiveUntil: 200,
  requiredApprovals: 1,
  requesterId: 'rita',
  requestedAt: 10,
  compensatingControl: null,
  reference: null,
  caseId: null,
};
const approval = (approverId: string, at: number, ordinal = 1): Approval => ({
  ordinal,
  approverId,
  at,
  authTime: null,
  amr: [],
});
const requested: WaiverRecord = { waiver, approvals: [], refusal: null, revocation: null };
const approved: WaiverRecord = { ...requested, approvals: [approval('ann', 50)] };

describe('the state of a waiver', () => {
  it('follows from what happened and from the instant, inclusive at both ends of the window', () => {
    const states = [49, 50, 99, 100, 200, 201].map((at) => stateOf(approved, at));
    expect(states).toEqual([
      'requested',
      'approved-pending-start',
      'approved-pending-start',
      'active',
      'active',
      'expired',
    ]);
  });

  it('needs every required approval, each from another person who is not the requester', () => {
    const two = { ...waiver, requiredApprovals: 2 };
    const withApprovals = (...approvals: Approval[]): WaiverRecord => ({
      ...requested,
      waiver: two,
      approvals,
    });
    expect(stateOf(withApprovals(approval('ann', 50)), 150)).toBe('requested');
    expect(stateOf(withApprovals(approval('ann', 50), approval('ann', 60, 2)), 150)).toBe('requested');
    expect(stateOf(withApprovals(approval('ann', 50), approval('rita', 60, 2)), 150)).toBe('requested');
    expect(stateOf(withApprovals(approval('ann', 50), approval('bob', 120, 2)), 119)).toBe('requested');
    expect(stateOf(withApprovals(approval('ann', 50), approval('bob', 120, 2)), 120)).toBe('active');
  });

  it('is never active on a table that says no approval is required', () => {
    expect(stateOf({ ...requested, waiver: { ...waiver, requiredApprovals: 0 } }, 150)).toBe('requested');
  });

  it('ends at a refusal or a revocation, from that instant on and not before', () => {
    const revoked = { ...approved, revocation: { by: 'ann', at: 150 } };
    expect([149, 150, 500].map((at) => stateOf(revoked, at))).toEqual(['active', 'revoked', 'revoked']);
    const refused = { ...requested, refusal: { by: 'ann', at: 20 } };
    expect([19, 20, 500].map((at) => stateOf(refused, at))).toEqual(['requested', 'refused', 'refused']);
  });

  it('expires unapproved', () => {
    expect(stateOf(requested, 201)).toBe('expired');
  });

  it('of the past leaves out what happened later', () => {
    const record = { ...approved, revocation: { by: 'ann', at: 150 } };
    expect(asKnownAt(record, 49)).toEqual(requested);
    expect(asKnownAt(record, 149)).toEqual(approved);
    expect(asKnownAt(record, 150)).toEqual(record);
  });
});

describe('four eyes', () => {
  const by = (principalId: string): { principalId: string } => ({ principalId });
  const kindOf = (result: ReturnType<typeof approve>): string => (result.ok ? 'ok' : result.problem.kind);

  it.each<[string, { record?: WaiverRecord; who: string; authors?: string[]; at?: number }, string]>([
    ['another person', { who: 'ann' }, 'ok'],
    ['the requester', { who: 'rita' }, 'SelfApproval'],
    ['the author of the artefact', { who: 'ann', authors: ['zed', 'ann'] }, 'ApproverIsAuthor'],
    ['the same person again', { record: approved, who: 'ann' }, 'AlreadyApproved'],
    ['a person too many', { record: approved, who: 'bob' }, 'NotOpen'],
    [
      'anybody after a refusal',
      { record: { ...requested, refusal: { by: 'x', at: 40 } }, who: 'ann' },
      'NotOpen',
    ],
    ['anybody after the window', { who: 'ann', at: 201 }, 'NotOpen'],
  ])('answers %s', (_who, { record = requested, who, authors = [], at = 60 }, expected) => {
    expect(kindOf(approve(record, by(who), authors, at))).toBe(expected);
  });

  it('records how the approver had proved who they are', () => {
    const result = approve(requested, { principalId: 'ann', authTime: 7, amr: ['hwk'] }, [], 50);
    expect(result).toEqual({
      ok: true,
      value: { ordinal: 1, approverId: 'ann', at: 50, authTime: 7, amr: ['hwk'] },
    });
  });

  it('refuses only what is open, and revokes only what is approved and not over', () => {
    expect(refuse(requested, 'ann', 50).ok).toBe(true);
    expect(refuse(approved, 'ann', 60)).toMatchObject({ ok: false, problem: { kind: 'NotOpen' } });
    expect(revoke(approved, 'ann', 60).ok).toBe(true);
    expect(revoke(requested, 'ann', 50)).toMatchObject({ problem: { kind: 'NotOpen', state: 'requested' } });
    expect(revoke(approved, 'ann', 201)).toMatchObject({ problem: { kind: 'NotOpen', state: 'expired' } });
  });
});

describe('the digest of a waiver', () => {
  it('changes with every field', () => {
    const changes: Partial<Waiver>[] = [
      { waiverId: 'w2' },
      { orgId: 'o2' },
      { selectors: [{ type: 'rule', ruleId: 'no-secrets' }] },
      { severity: 'critical' },
      { effectiveFrom: 101 },
      { effectiveUntil: 201 },
      { requiredApprovals: 2 },
      { requesterId: 'ann' },
      { requestedAt: 11 },
      { compensatingControl: 'CTL-1' },
      { reference: 'T-1' },
      { caseId: 'C-1' },
    ];
    expect(Object.keys(waiver).sort()).toEqual(changes.flatMap((change) => Object.keys(change)).sort());
    const digests = [{}, ...changes].map((change) => waiverDigest({ ...waiver, ...change }));
    expect(new Set(digests).size).toBe(changes.length + 1);
  });

  it('of its history changes with every step, and a set does not depend on its order', () => {
    const records = [requested, approved, { ...approved, revocation: { by: 'ann', at: 150 } }];
    expect(new Set(records.map(recordDigest)).size).toBe(3);
    const other = { ...approved, waiver: { ...waiver, waiverId: 'w0' } };
    expect(waiverSetDigest(waiverRefs([approved, other]))).toBe(
      waiverSetDigest(waiverRefs([other, approved])),
    );
    expect(waiverSetDigest(waiverRefs([approved]))).not.toBe(waiverSetDigest(waiverRefs([requested])));
  });
});
