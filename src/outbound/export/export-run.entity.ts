import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { ExportEntity } from './export.entity.js';

@Entity({ schema: 'assay', name: 'export_run' })
@Check('export_run_state_known', `state IN ('running', 'failed')`)
@Check('export_run_failed_says_why', `(state = 'failed') = (failure IS NOT NULL)`)
@Check('export_run_progress', `done >= 0 AND total >= done`)
export class ExportRunEntity {
  @PrimaryColumn({ type: 'uuid', name: 'export_id', primaryKeyConstraintName: 'export_run_pk' })
  exportId!: string;

  @OneToOne(() => ExportEntity)
  @JoinColumn({ name: 'export_id', foreignKeyConstraintName: 'export_run_export_fk' })
  export!: ExportEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'bigint' })
  done!: string;

  @Column({ type: 'bigint' })
  total!: string;

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at' })
  updatedAt!: Date;

  @Column({ type: 'text', nullable: true })
  failure!: string | null;
}
