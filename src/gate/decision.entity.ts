import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'decision' })
@Index('decision_reuse_idx', ['orgId', 'inputsDigest', 'asOf'])
@Index('decision_artefact_idx', ['orgId', 'artefactDigest'])
@Check(
  'decision_verdict_known',
  `verdict IN ('PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR')
          AND verdict_without_waivers IN ('PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR')`,
)
export class DecisionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'decision_id', primaryKeyConstraintName: 'decision_pk' })
  decisionId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'gate_id' })
  gateId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @Column({ type: 'text', name: 'chk_id' })
  chkId!: string;

  @Column({ type: 'integer', name: 'checklist_version' })
  checklistVersion!: number;

  @Column({ type: 'text', name: 'checklist_digest' })
  checklistDigest!: string;

  @Column({ type: 'text', name: 'inputs_digest' })
  inputsDigest!: string;

  @Column({ type: 'timestamptz', name: 'as_of' })
  asOf!: Date;

  @Column({ type: 'timestamptz', name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column({ type: 'text' })
  verdict!: string;

  @Column({ type: 'text', name: 'verdict_without_waivers' })
  verdictWithoutWaivers!: string;

  @Column({ type: 'text' })
  document!: string;

  @Column({ type: 'text', name: 'document_digest' })
  documentDigest!: string;

  @Column({ type: 'timestamptz', name: 'decided_at' })
  decidedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
