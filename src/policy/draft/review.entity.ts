import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { PolicyRevisionEntity } from './revision.entity.js';

@Entity({ schema: 'assay', name: 'policy_review' })
@Unique('policy_review_key_unique', ['orgId', 'entryKey'])
@Unique('policy_review_ordinal_unique', ['orgId', 'policyId', 'ordinal'])
@Index('policy_review_of_revision_idx', ['orgId', 'policyId', 'revision'])
@Check('policy_review_has_authors', `cardinality(author_ids) > 0`)
@Check('policy_review_content_shape', `content_digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('policy_review_source_shape', `source_digest ~ '^sha256:[0-9a-f]{64}$'`)
export class PolicyReviewEntity {
  @PrimaryColumn({ type: 'uuid', name: 'review_id', primaryKeyConstraintName: 'policy_review_pk' })
  reviewId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'policy_id' })
  policyId!: string;

  @Column({ type: 'integer' })
  ordinal!: number;

  @Column({ type: 'integer' })
  revision!: number;

  @ManyToOne(() => PolicyRevisionEntity)
  @JoinColumn([
    { name: 'org_id', referencedColumnName: 'orgId', foreignKeyConstraintName: 'policy_review_revision_fk' },
    {
      name: 'policy_id',
      referencedColumnName: 'policyId',
      foreignKeyConstraintName: 'policy_review_revision_fk',
    },
    {
      name: 'revision',
      referencedColumnName: 'revision',
      foreignKeyConstraintName: 'policy_review_revision_fk',
    },
  ])
  revised!: PolicyRevisionEntity;

  @Column({ type: 'text', name: 'pack_version' })
  packVersion!: string;

  @Column({ type: 'text', name: 'content_digest' })
  contentDigest!: string;

  @Column({ type: 'text' })
  listing!: string;

  @Column({ type: 'text', name: 'source_digest' })
  sourceDigest!: string;

  @Column({ type: 'uuid', name: 'author_ids', array: true })
  authorIds!: string[];

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
