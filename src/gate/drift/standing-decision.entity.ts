import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'standing_decision' })
@Index('standing_decision_artefact_idx', ['orgId', 'artefactDigest'])
@Index('standing_decision_stale_idx', ['staleSeq'], { where: 'stale_seq IS NOT NULL' })
@Index('standing_decision_validity_idx', ['validUntil'], { where: 'stale_seq IS NULL' })
export class StandingDecisionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'standing_decision_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'gate_id', primaryKeyConstraintName: 'standing_decision_pk' })
  gateId!: string;

  @PrimaryColumn({ type: 'text', name: 'art_id', primaryKeyConstraintName: 'standing_decision_pk' })
  artId!: string;

  @PrimaryColumn({ type: 'text', name: 'artefact_digest', primaryKeyConstraintName: 'standing_decision_pk' })
  artefactDigest!: string;

  @Column({ type: 'uuid', name: 'decision_id' })
  decisionId!: string;

  @Column({ type: 'bigint' })
  seq!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column({ type: 'text' })
  locus!: string;

  @Column({ type: 'text', name: 'chk_id' })
  chkId!: string;

  @Column({ type: 'integer', name: 'checklist_version' })
  checklistVersion!: number;

  @Column({ type: 'text', name: 'checklist_digest' })
  checklistDigest!: string;

  @Column({ type: 'text', name: 'inputs_digest' })
  inputsDigest!: string;

  @Column({ type: 'text', name: 'document_digest' })
  documentDigest!: string;

  @Column({ type: 'text' })
  verdict!: string;

  @Column({ type: 'text', name: 'verdict_without_waivers' })
  verdictWithoutWaivers!: string;

  @Column({ type: 'timestamptz', name: 'as_of' })
  asOf!: Date;

  @Column({ type: 'timestamptz', name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column({ type: 'bigint', name: 'stale_seq', nullable: true })
  staleSeq!: string | null;
}
