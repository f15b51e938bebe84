import { detail, same, type Link } from './link.js';

const WAIVER = { what: 'waiver', also: { waiver: `f.waiver_ids ->> 0 = r.waiver_id::text` } } as const;

/** What was excused. */
export const WAIVER_LINKS: readonly Link[] = [
  {
    ...{ table: 'assay.waiver', kinds: ['waiver.requested'], by: 'requester_id', at: 'requested_at' },
    ...{ what: 'waiver', name: `'waiver ' || r.waiver_id` },
    also: {
      ...WAIVER.also,
      gate: same('r.gate_id', 'f.gate_id'),
      selectors: same('r.selectors_digest', detail('selectorsDigest')),
    },
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_approval', kinds: ['waiver.approved'], by: 'approver_id' },
    name: `'waiver ' || r.waiver_id || ' approval ' || r.ordinal`,
    also: { ...WAIVER.also, delegation: same('r.delegation_id::text', detail('delegationId')) },
  },
  {
    ...{
      ...WAIVER,
      table: 'assay.waiver_refusal',
      kinds: ['waiver.refused', 'waiver.withdrawn'],
      by: 'refused_by',
    },
    name: `'waiver ' || r.waiver_id || ' refusal'`,
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_revocation', kinds: ['waiver.revoked'], by: 'revoked_by' },
    name: `'waiver ' || r.waiver_id || ' revocation'`,
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_escalation', kinds: ['waiver.escalated'], at: 'at', owed: true },
    name: `'waiver ' || r.waiver_id || ' escalation ' || r.step`,
    also: {
      ...WAIVER.also,
      step: same('r.step::text', detail('step')),
      role: same('r.role', detail('toRole')),
    },
  },
  {
    ...{ table: 'assay.waiver_delegation', what: 'waiver', kinds: ['waiver-delegation.given'] },
    ...{ at: 'given_at', by: 'delegator_id' },
    name: `'waiver delegation ' || r.delegation_id`,
    also: { id: `r.delegation_id::text = ${detail('delegationId')}` },
  },
  {
    ...{ table: 'assay.waiver_delegation_withdrawal', what: 'waiver' },
    ...{ kinds: ['waiver-delegation.withdrawn'], at: 'at', by: 'withdrawn_by' },
    name: `'waiver delegation ' || r.delegation_id || ' withdrawal'`,
    also: { id: `r.delegation_id::text = ${detail('delegationId')}` },
  },
];
