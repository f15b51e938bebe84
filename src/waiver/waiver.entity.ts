import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'waiver' })
@Index('waiver_gate_idx', ['orgId', 'gateId'])
@Index('waiver_newest_idx', ['orgId', 'requestedAt', 'waiverId'])
@Index('waiver_renews_idx', ['renews'], { where: 'renews IS NOT NULL' })
@Check('waiver_attachments_some', `cardinality(attachments) > 0`)
@Check(
  'waiver_review_whole',
  `num_nulls(review_hours, review_path) = 2
   OR (num_nulls(review_hours, review_path) = 0 AND review_hours > 0 AND cardinality(review_path) > 0)`,
)
@Check('waiver_severity_known', `severity IN ('none', 'low', 'medium', 'high', 'critical', 'unknown')`)
@Check('waiver_window_ordered', `effective_from <= effective_until`)
@Check('waiver_needs_approval', `required_approvals >= 1`)
export class WaiverEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_pk' })
  waiverId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'gate_id', nullable: true })
  gateId!: string | null;

  @Column({ type: 'jsonb' })
  selectors!: object;

  @Column({ type: 'text', name: 'selectors_digest' })
  selectorsDigest!: string;

  @Column({ type: 'text' })
  severity!: string;

  @Column({ type: 'timestamptz', name: 'effective_from' })
  effectiveFrom!: Date;

  @Column({ type: 'timestamptz', name: 'effective_until' })
  effectiveUntil!: Date;

  @Column({ type: 'integer', name: 'required_approvals' })
  requiredApprovals!: number;

  @Column({ type: 'uuid', name: 'requester_id' })
  requesterId!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'text', name: 'compensating_control', nullable: true })
  compensatingControl!: string | null;

  @Column({ type: 'text', nullable: true })
  reference!: string | null;

  @Column({ type: 'text', name: 'case_id', nullable: true })
  caseId!: string | null;

  @Column({ type: 'uuid', nullable: true })
  renews!: string | null;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'renews', foreignKeyConstraintName: 'waiver_renews_fk' })
  renewed!: WaiverEntity | null;

  @Column({ type: 'text', array: true, nullable: true })
  attachments!: string[] | null;

  @Column({ type: 'integer', name: 'review_hours', nullable: true })
  reviewHours!: number | null;

  @Column({ type: 'text', array: true, name: 'review_path', nullable: true })
  reviewPath!: string[] | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
