import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { DecisionEntity } from './decision.entity.js';

@Entity({ schema: 'assay', name: 'gate_run' })
@Index('gate_run_attempts_idx', ['orgId', 'gateId', 'artefactDigest'])
@Index('gate_run_due_idx', ['nextAttemptAt'], { where: `state = 'queued'` })
@Index('gate_run_dead_idx', ['deadlineAt'], { where: `state = 'running'` })
@Index('gate_run_late_idx', ['nextEscalationAt'], { where: 'next_escalation_at IS NOT NULL' })
@Index('gate_run_newest_idx', ['orgId', 'startedAt', 'runId'])
@Index('gate_run_decision_idx', ['decisionId'], { where: 'decision_id IS NOT NULL' })
@Check(
  'gate_run_state_known',
  `state IN ('queued', 'running', 'decided', 'failed', 'paused', 'overridden', 'rejected')`,
)
@Check(
  'gate_run_decided_has_decision',
  `(state = 'decided' AND decision_id IS NOT NULL) OR state = 'rejected'
          OR (state NOT IN ('decided', 'rejected') AND decision_id IS NULL)`,
)
@Check('gate_run_queued_until', `state <> 'queued' OR next_attempt_at IS NOT NULL`)
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

  @Column({ type: 'integer', name: 'attempt_limit', default: 1 })
  attemptLimit!: number;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'text', name: 'owner_role', default: '' })
  ownerRole!: string;

  @Column({ type: 'timestamptz', name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'next_escalation_at', nullable: true })
  nextEscalationAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  escalated!: number;

  @Column({ type: 'integer', default: 0 })
  steps!: number;

  @Column({ type: 'text', name: 'reason_code', nullable: true })
  reasonCode!: string | null;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  question!: object;

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
