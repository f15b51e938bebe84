import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { DecisionEntity } from './decision.entity.js';

@Entity({ schema: 'assay', name: 'gate_run' })
@Index('gate_run_attempts_idx', ['orgId', 'gateId', 'artefactDigest'])
@Check('gate_run_state_known', `state IN ('queued', 'running', 'decided', 'failed', 'paused')`)
@Check('gate_run_decided_has_decision', `(state = 'decided') = (decision_id IS NOT NULL)`)
@Check('gate_run_attempt_positive', `attempt >= 1`)
export class GateRunEntity {
  @PrimaryColumn({ type: 'uuid', name: 'run_id', primaryKeyConstraintName: 'gate_run_pk' })
  runId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'gate_id' })
  gateId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @Column({ type: 'integer' })
  attempt!: number;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'uuid', name: 'decision_id', nullable: true })
  decisionId!: string | null;

  @ManyToOne(() => DecisionEntity)
  @JoinColumn({ name: 'decision_id', foreignKeyConstraintName: 'gate_run_decision_fk' })
  decision!: DecisionEntity | null;

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;

  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'deadline_at' })
  deadlineAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
