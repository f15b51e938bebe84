import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { ScanEntity } from './scan.entity.js';

@Entity({ schema: 'assay', name: 'scan_run' })
@Check('scan_run_attempts', `attempts > 0`)
export class ScanRunEntity {
  @PrimaryColumn({ type: 'uuid', name: 'scan_id', primaryKeyConstraintName: 'scan_run_pk' })
  scanId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'scan_run_pk' })
  scanner!: string;

  @OneToOne(() => ScanEntity)
  @JoinColumn([
    { name: 'scan_id', referencedColumnName: 'scanId', foreignKeyConstraintName: 'scan_run_scan_fk' },
    { name: 'scanner', referencedColumnName: 'scanner', foreignKeyConstraintName: 'scan_run_scan_fk' },
  ])
  scan!: ScanEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;
}
