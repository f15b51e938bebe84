import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { EvidenceEntity } from './evidence.entity.js';

@Entity({ schema: 'assay', name: 'evidence_report' })
@Check(
  'evidence_report_state_known',
  `state IN ('COMPLETE', 'INCOMPLETE', 'ERROR', 'NOT_MEASURED', 'UNKNOWN')`,
)
@Check('evidence_report_document_shape', `document_digest ~ '^sha256:[0-9a-f]{64}$'`)
export class EvidenceReportEntity {
  @PrimaryColumn({ type: 'uuid', name: 'evidence_id', primaryKeyConstraintName: 'evidence_report_pk' })
  evidenceId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'evidence_report_pk' })
  normaliser!: string;

  @ManyToOne(() => EvidenceEntity)
  @JoinColumn({ name: 'evidence_id', foreignKeyConstraintName: 'evidence_report_evidence_fk' })
  evidence!: EvidenceEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text' })
  format!: string;

  @Column({ type: 'text', name: 'format_version', nullable: true })
  formatVersion!: string | null;

  @Column({ type: 'jsonb' })
  kinds!: object;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'jsonb' })
  reasons!: object;

  @Column({ type: 'jsonb', default: () => `'[]'` })
  tools!: object;

  @Column({ type: 'text', name: 'document_digest' })
  documentDigest!: string;

  @Column({ type: 'timestamptz', name: 'normalised_at' })
  normalisedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
