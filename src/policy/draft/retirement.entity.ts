import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { PolicyVersionEntity } from '../policy-version.entity.js';

@Entity({ schema: 'assay', name: 'policy_retirement' })
@Unique('policy_retirement_key_unique', ['orgId', 'entryKey'])
export class PolicyRetirementEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'policy_retirement_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'policy_id', primaryKeyConstraintName: 'policy_retirement_pk' })
  policyId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'policy_retirement_pk' })
  version!: string;

  @ManyToOne(() => PolicyVersionEntity)
  @JoinColumn([
    {
      name: 'org_id',
      referencedColumnName: 'orgId',
      foreignKeyConstraintName: 'policy_retirement_version_fk',
    },
    {
      name: 'policy_id',
      referencedColumnName: 'policyId',
      foreignKeyConstraintName: 'policy_retirement_version_fk',
    },
    {
      name: 'version',
      referencedColumnName: 'version',
      foreignKeyConstraintName: 'policy_retirement_version_fk',
    },
  ])
  retired!: PolicyVersionEntity;

  @Column({ type: 'uuid', name: 'retired_by' })
  retiredBy!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
