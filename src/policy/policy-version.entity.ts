import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'assay', name: 'policy_version' })
@Unique('policy_version_digest_unique', ['orgId', 'digest'])
@Check('policy_version_digest_shape', `digest ~ '^sha256:[0-9a-f]{64}$'`)
export class PolicyVersionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'policy_version_pk' })
  orgId!: string;

  // By name: the table belongs to access, which this feature may not import.
  @ManyToOne('OrganisationEntity')
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'policy_version_org_fk' })
  organisation!: unknown;

  @PrimaryColumn({ type: 'text', name: 'policy_id', primaryKeyConstraintName: 'policy_version_pk' })
  policyId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'policy_version_pk' })
  version!: string;

  @Column({ type: 'text' })
  digest!: string;

  @Column({ type: 'text', name: 'source_digest' })
  sourceDigest!: string;

  @Column({ type: 'text' })
  document!: string;

  @Column({ type: 'timestamptz', name: 'published_at' })
  publishedAt!: Date;

  @Column({ type: 'uuid', name: 'published_by', nullable: true })
  publishedBy!: string | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
