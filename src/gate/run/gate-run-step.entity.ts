import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { GateRunEntity } from '../gate-run.entity.js';

@Entity({ schema: 'assay', name: 'gate_run_step' })
@Index('gate_run_step_entry_idx', ['orgId', 'entryKey'], { unique: true })
@Index('gate_run_step_decision_idx', ['decisionId'], { where: 'decision_id IS NOT NULL' })
@Check(
  'gate_run_step_kind_known',
  `kind IN ('retried', 'paused', 'resumed', 'overridden', 'rejected', 'escalated')`,
)
@Check('gate_run_step_ordinal_positive', `ordinal >= 1 AND attempt >= 1`)
@Check('gate_run_step_override_rests_on_waivers', `kind <> 'overridden' OR cardinality(waiver_ids) > 0`)
export class GateRunStepEntity {
  @PrimaryColumn({ type: 'uuid', name: 'run_id', primaryKeyConstraintName: 'gate_run_step_pk' })
  runId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'gate_run_step_pk' })
  ordinal!: number;

  @ManyToOne(() => GateRunEntity)
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'gate_run_step_run_fk' })
  run!: GateRunEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'uuid', name: 'acted_by', nullable: true })
  actedBy!: string | null;

  @Column({ type: 'integer' })
  attempt!: number;

  @Column({ type: 'text', name: 'state_before' })
  stateBefore!: string;

  @Column({ type: 'text', name: 'state_after' })
  stateAfter!: string;

  @Column({ type: 'text', name: 'reason_code', nullable: true })
  reasonCode!: string | null;

  @Column({ type: 'uuid', name: 'decision_id', nullable: true })
  decisionId!: string | null;

  @Column({ type: 'timestamptz', name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  role!: string | null;

  @Column({ type: 'uuid', array: true, name: 'waiver_ids' })
  waiverIds!: string[];

  @Column({ type: 'text', name: 'fix_task_id', nullable: true })
  fixTaskId!: string | null;

  @Column({ type: 'integer', nullable: true })
  rework!: number | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
