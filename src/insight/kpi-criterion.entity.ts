import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'kpi_criterion' })
export class KpiCriterionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'kpi_criterion_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'case_id', primaryKeyConstraintName: 'kpi_criterion_pk' })
  caseId!: string;

  @PrimaryColumn({ type: 'text', name: 'criterion_id', primaryKeyConstraintName: 'kpi_criterion_pk' })
  criterionId!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'timestamptz', name: 'stated_at' })
  statedAt!: Date;

  @Column({ type: 'integer' })
  tests!: number;

  @Column({ type: 'boolean' })
  withdrawn!: boolean;
}
