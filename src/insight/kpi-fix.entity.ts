import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'kpi_fix' })
export class KpiFixEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'kpi_fix_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'kpi_fix_pk' })
  seq!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'text', name: 'gate_id', nullable: true })
  gateId!: string | null;

  @Column({ type: 'timestamptz', name: 'opened_at' })
  openedAt!: Date;
}
