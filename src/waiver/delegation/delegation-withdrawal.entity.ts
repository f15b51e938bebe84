import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { WaiverDelegationEntity } from './delegation.entity.js';

@Entity({ schema: 'assay', name: 'waiver_delegation_withdrawal' })
@Unique('waiver_delegation_withdrawal_key_unique', ['orgId', 'entryKey'])
export class WaiverDelegationWithdrawalEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'delegation_id',
    primaryKeyConstraintName: 'waiver_delegation_withdrawal_pk',
  })
  delegationId!: string;

  @ManyToOne(() => WaiverDelegationEntity)
  @JoinColumn({
    name: 'delegation_id',
    foreignKeyConstraintName: 'waiver_delegation_withdrawal_delegation_fk',
  })
  delegation!: WaiverDelegationEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'withdrawn_by' })
  by!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
