import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'kpi_waiver' })
export class KpiWaiverEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'kpi_waiver_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'kpi_waiver_pk' })
  waiverId!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'text', name: 'gate_id', nullable: true })
  gateId!: string | null;

  @Column({ type: 'timestamptz', name: 'approved_at', nullable: true })
  approvedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'effective_until' })
  effectiveUntil!: Date;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'integer' })
  uses!: number;

  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
