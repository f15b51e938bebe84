import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'acceptance_criterion' })
@Index('acceptance_criterion_entry_idx', ['orgId', 'entryKey'])
@Check('acceptance_criterion_version_positive', `version > 0`)
export class AcceptanceCriterionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'acceptance_criterion_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'case_id', primaryKeyConstraintName: 'acceptance_criterion_pk' })
  caseId!: string;

  @PrimaryColumn({ type: 'text', name: 'criterion_id', primaryKeyConstraintName: 'acceptance_criterion_pk' })
  criterionId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'acceptance_criterion_pk' })
  version!: number;

  @Column({ type: 'jsonb', name: 'test_ids' })
  testIds!: object;

  @Column({ type: 'boolean' })
  withdrawn!: boolean;

  @Column({ type: 'uuid', name: 'changed_by' })
  changedBy!: string;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
