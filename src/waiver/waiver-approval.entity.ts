import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { WaiverDelegationEntity } from './delegation/delegation.entity.js';
import { WaiverEntity } from './waiver.entity.js';

@Entity({ schema: 'assay', name: 'waiver_approval' })
@Unique('waiver_approval_once_each', ['waiverId', 'approverId'])
@Unique('waiver_approval_key_unique', ['orgId', 'entryKey'])
@Check('waiver_approval_delegation_whole', `num_nulls(delegation_id, delegated_from) IN (0, 2)`)
@Check('waiver_approval_ordinal_positive', `ordinal >= 1`)
export class WaiverApprovalEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_approval_pk' })
  waiverId!: string;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'waiver_approval_waiver_fk' })
  waiver!: WaiverEntity;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'waiver_approval_pk' })
  ordinal!: number;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'approver_id' })
  approverId!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bigint', name: 'auth_time', nullable: true })
  authTime!: string | null;

  @Column({ type: 'text', array: true })
  amr!: string[];

  @Column({ type: 'uuid', name: 'delegation_id', nullable: true })
  delegationId!: string | null;

  @ManyToOne(() => WaiverDelegationEntity)
  @JoinColumn({ name: 'delegation_id', foreignKeyConstraintName: 'waiver_approval_delegation_fk' })
  delegation!: WaiverDelegationEntity | null;

  @Column({ type: 'uuid', name: 'delegated_from', nullable: true })
  delegatedFrom!: string | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
