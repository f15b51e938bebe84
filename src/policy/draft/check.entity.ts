import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'policy_check' })
@Check('policy_check_digest_shape', `content_digest ~ '^sha256:[0-9a-f]{64}$'`)
export class PolicyCheckEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'policy_check_pk' })
  orgId!: string;

  @ManyToOne('OrganisationEntity')
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'policy_check_org_fk' })
  organisation!: unknown;

  @PrimaryColumn({ type: 'text', name: 'policy_id', primaryKeyConstraintName: 'policy_check_pk' })
  policyId!: string;

  @PrimaryColumn({ type: 'text', name: 'content_digest', primaryKeyConstraintName: 'policy_check_pk' })
  contentDigest!: string;

  @Column({ type: 'text', name: 'opa_version' })
  opaVersion!: string;

  @Column({ type: 'timestamptz', name: 'checked_at' })
  checkedAt!: Date;
}
