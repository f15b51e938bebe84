import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../kernel/actor.js';
import { durationDays, readRequest, type WaiverRequest } from './waiver-request.js';

const DAY = 86_400_000;
const by: Actor = { orgId: 'o1', principalId: 'rita', kind: 'person', roles: ['developer'] };
const request: WaiverRequest = {
  selectors: [{ type: 'rule', ruleId: 'sast-severity' }],
  severity: 'high',
  effectiveUntil: 1_000 + 7 * DAY,
  reason: 'the fix is under way',
};
const read = (change: Partial<Record<keyof WaiverRequest, unknown>>): ReturnType<typeof readRequest> =>
  readRequest({ ...request, ...change } as WaiverRequest, by, 1_000);

describe('a waiver request', () => {
  it('begins now unless it says otherwise', () => {
    expect(read({})).toMatchObject({
      ok: true,
      value: { effectiveFrom: 1_000, requesterId: 'rita', orgId: 'o1' },
    });
  });

  it.each<[string, Partial<Record<keyof WaiverRequest, unknown>>, object]>([
    [
      'an end before its beginning',
      { effectiveFrom: 2_000, effectiveUntil: 1_999 },
      { kind: 'WindowInvalid' },
    ],
    ['an end that has passed', { effectiveFrom: 0, effectiveUntil: 1_000 }, { kind: 'WindowInvalid' }],
    ['an unreadable end', { effectiveUntil: Number.NaN }, { kind: 'WindowInvalid' }],
    ['an endless window', { effectiveUntil: Infinity }, { kind: 'WindowInvalid' }],
    ['an unknown severity', { severity: 'severe' }, { kind: 'FieldInvalid', where: 'severity' }],
    ['no reason', { reason: ' ' }, { kind: 'FieldInvalid', where: 'reason' }],
    ['a reason without end', { reason: 'x'.repeat(4_001) }, { kind: 'FieldInvalid', where: 'reason' }],
    ['prose for a reference', { reference: 'ask Rita' }, { kind: 'FieldInvalid', where: 'reference' }],
    [
      'prose for a control',
      { compensatingControl: 'Rita looks' },
      { kind: 'FieldInvalid', where: 'compensatingControl' },
    ],
    ['no scope', { selectors: [] }, { kind: 'SelectorInvalid' }],
  ])('is refused with %s', (_what, change, problem) => {
    expect(read(change)).toMatchObject({ ok: false, problem });
  });

  it('counts its length in whole days, rounded up', () => {
    const days = (ms: number): number => durationDays({ effectiveFrom: 0, effectiveUntil: ms });
    expect([0, 1, DAY, DAY + 1, 7 * DAY].map(days)).toEqual([0, 1, 1, 2, 7]);
  });
});
