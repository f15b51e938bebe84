import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { PolicyReviewEntity } from './review.entity.js';

@Entity({ schema: 'assay', name: 'policy_review_outcome' })
@Unique('policy_review_outcome_once_each', ['reviewId', 'reviewerId'])
@Unique('policy_review_outcome_key_unique', ['orgId', 'entryKey'])
@Check('policy_review_outcome_ordinal', `ordinal > 0`)
@Check('policy_review_outcome_known', `outcome IN ('approve', 'request-changes')`)
export class PolicyReviewOutcomeEntity {
  @PrimaryColumn({ type: 'uuid', name: 'review_id', primaryKeyConstraintName: 'policy_review_outcome_pk' })
  reviewId!: string;

  @ManyToOne(() => PolicyReviewEntity)
  @JoinColumn({ name: 'review_id', foreignKeyConstraintName: 'policy_review_outcome_review_fk' })
  review!: PolicyReviewEntity;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'policy_review_outcome_pk' })
  ordinal!: number;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'reviewer_id' })
  reviewerId!: string;

  @Column({ type: 'text' })
  outcome!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bigint', name: 'auth_time', nullable: true })
  authTime!: string | null;

  @Column({ type: 'text', array: true })
  amr!: string[];

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
