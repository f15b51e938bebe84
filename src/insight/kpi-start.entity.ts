import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'kpi_start' })
export class KpiStartEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'kpi_start_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'kpi_start_pk' })
  unit!: string;

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;
}
