import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'drift_check' })
@Index('drift_check_open_idx', ['causeSeq', 'decisionId'], { where: 'outcome IS NULL' })
@Check('drift_check_outcome_known', `outcome IN ('STALE', 'SAME', 'UNAFFECTED', 'SUPERSEDED')`)
export class DriftCheckEntity {
  @PrimaryColumn({ type: 'uuid', name: 'decision_id', primaryKeyConstraintName: 'drift_check_pk' })
  decisionId!: string;

  @PrimaryColumn({ type: 'bigint', name: 'cause_seq', primaryKeyConstraintName: 'drift_check_pk' })
  causeSeq!: string;

  @Column({ type: 'text', name: 'cause_kind' })
  causeKind!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'gate_id' })
  gateId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @Column({ type: 'text', nullable: true })
  outcome!: string | null;
}
