import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'assay', name: 'policy_revision' })
@Unique('policy_revision_key_unique', ['orgId', 'entryKey'])
@Check('policy_revision_number', `revision > 0`)
@Check('policy_revision_id_shape', `policy_id ~ '^[a-z][a-z0-9-]{0,62}$'`)
@Check('policy_revision_digest_shape', `content_digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('policy_revision_whole', `(content_digest IS NULL) = (listing IS NULL)`)
export class PolicyRevisionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'policy_revision_pk' })
  orgId!: string;

  @ManyToOne('OrganisationEntity')
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'policy_revision_org_fk' })
  organisation!: unknown;

  @PrimaryColumn({ type: 'text', name: 'policy_id', primaryKeyConstraintName: 'policy_revision_pk' })
  policyId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'policy_revision_pk' })
  revision!: number;

  @Column({ type: 'text', name: 'content_digest', nullable: true })
  contentDigest!: string | null;

  @Column({ type: 'text', nullable: true })
  listing!: string | null;

  @Column({ type: 'uuid', name: 'saved_by' })
  savedBy!: string;

  @Column({ type: 'timestamptz', name: 'saved_at' })
  savedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
