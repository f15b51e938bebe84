import { Check, Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { ScanEntity } from './scan.entity.js';

@Entity({ schema: 'assay', name: 'scan_result' })
@Index('scan_result_recent_idx', ['orgId', 'scanner', 'finishedAt'])
@Check(
  'scan_result_outcome_known',
  `outcome IN ('FINISHED', 'PARTIAL', 'FAILED', 'NOT_RUN', 'NOTHING_TO_SCAN')`,
)
export class ScanResultEntity {
  @PrimaryColumn({ type: 'uuid', name: 'scan_id', primaryKeyConstraintName: 'scan_result_pk' })
  scanId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'scan_result_pk' })
  scanner!: string;

  @OneToOne(() => ScanEntity)
  @JoinColumn([
    { name: 'scan_id', referencedColumnName: 'scanId', foreignKeyConstraintName: 'scan_result_scan_fk' },
    { name: 'scanner', referencedColumnName: 'scanner', foreignKeyConstraintName: 'scan_result_scan_fk' },
  ])
  scan!: ScanEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'evidence_id' })
  evidenceId!: string;

  @Column({ type: 'text' })
  outcome!: string;

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;

  @Column({ type: 'timestamptz', name: 'finished_at' })
  finishedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
