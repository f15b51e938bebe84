import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'assay', name: 'waiver_delegation' })
@Unique('waiver_delegation_key_unique', ['orgId', 'entryKey'])
@Index('waiver_delegation_newest_idx', ['orgId', 'givenAt', 'delegationId'])
@Index('waiver_delegation_delegate_idx', ['orgId', 'delegateId'])
@Check('waiver_delegation_window_ordered', `valid_from <= valid_until`)
@Check('waiver_delegation_two_persons', `delegator_id <> delegate_id`)
export class WaiverDelegationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'delegation_id', primaryKeyConstraintName: 'waiver_delegation_pk' })
  delegationId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'delegator_id' })
  delegatorId!: string;

  @Column({ type: 'uuid', name: 'delegate_id' })
  delegateId!: string;

  @Column({ type: 'timestamptz', name: 'valid_from' })
  validFrom!: Date;

  @Column({ type: 'timestamptz', name: 'valid_until' })
  validUntil!: Date;

  @Column({ type: 'timestamptz', name: 'given_at' })
  givenAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
