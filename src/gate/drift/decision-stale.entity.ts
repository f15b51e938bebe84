import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'decision_stale' })
@Index('decision_stale_cause_idx', ['orgId', 'causeSeq'])
@Check('decision_stale_cause_named', `cause = coalesce('entry:' || cause_seq, 'valid-until')`)
export class DecisionStaleEntity {
  @PrimaryColumn({ type: 'uuid', name: 'decision_id', primaryKeyConstraintName: 'decision_stale_pk' })
  decisionId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'decision_stale_pk' })
  cause!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'cause_kind' })
  causeKind!: string;

  @Column({ type: 'bigint', name: 'cause_seq', nullable: true })
  causeSeq!: string | null;

  @Column({ type: 'text', name: 'gate_id' })
  gateId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @Column({ type: 'timestamptz', name: 'found_at' })
  foundAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
