import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'process_step' })
@Index('process_step_entry_idx', ['orgId', 'entryKey'])
@Check('process_step_ordinal_positive', `ordinal > 0`)
@Check('process_step_event_known', `event IN ('started', 'finished')`)
export class ProcessStepEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'process_step_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'case_id', primaryKeyConstraintName: 'process_step_pk' })
  caseId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'process_step_pk' })
  ordinal!: number;

  @Column({ type: 'text', name: 'act_id' })
  actId!: string;

  @Column({ type: 'text' })
  event!: string;

  @Column({ type: 'text', nullable: true })
  role!: string | null;

  @Column({ type: 'jsonb' })
  artefacts!: object;

  @Column({ type: 'jsonb', nullable: true })
  agent!: object | null;

  @Column({ type: 'uuid', name: 'actor_id' })
  actorId!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
