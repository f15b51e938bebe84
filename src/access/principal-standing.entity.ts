import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { PrincipalEntity } from './principal.entity.js';

@Entity({ schema: 'assay', name: 'principal_standing' })
@Check('principal_standing_ordinal', `ordinal > 0`)
export class PrincipalStandingEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'principal_id',
    primaryKeyConstraintName: 'principal_standing_pk',
  })
  principalId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'principal_standing_pk' })
  ordinal!: number;

  @ManyToOne(() => PrincipalEntity)
  @JoinColumn({ name: 'principal_id', foreignKeyConstraintName: 'principal_standing_principal_fk' })
  principal!: PrincipalEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'boolean' })
  disabled!: boolean;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;

  @Column({ type: 'uuid', name: 'changed_by' })
  changedBy!: string;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
