import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'kpi_unit' })
@Index('kpi_unit_first_idx', ['orgId', 'firstAt'])
export class KpiUnitEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'kpi_unit_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'gate_id', primaryKeyConstraintName: 'kpi_unit_pk' })
  gateId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'kpi_unit_pk' })
  unit!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'text', name: 'case_id', nullable: true })
  caseId!: string | null;

  @Column({ type: 'timestamptz', name: 'first_at' })
  firstAt!: Date;

  @Column({ type: 'boolean', name: 'first_passed' })
  firstPassed!: boolean;

  @Column({ type: 'integer' })
  judged!: number;

  @Column({ type: 'timestamptz', name: 'passed_at', nullable: true })
  passedAt!: Date | null;
}
