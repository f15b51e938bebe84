import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'fix_task' })
@Index('fix_task_entry_idx', ['orgId', 'entryKey'])
@Index('fix_task_case_idx', ['orgId', 'caseId'])
@Index('fix_task_gate_idx', ['orgId', 'gateId'])
@Check('fix_task_remediation_known', `remediation IN ('rerun', 're-shard', 'reopen-story')`)
export class FixTaskEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'fix_task_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'fix_id', primaryKeyConstraintName: 'fix_task_pk' })
  fixId!: string;

  @Column({ type: 'uuid', name: 'project_id' })
  projectId!: string;

  @Column({ type: 'text', name: 'case_id', nullable: true })
  caseId!: string | null;

  @Column({ type: 'text', name: 'act_id', nullable: true })
  actId!: string | null;

  @Column({ type: 'text', name: 'gate_id', nullable: true })
  gateId!: string | null;

  @Column({ type: 'uuid', name: 'run_id', nullable: true })
  runId!: string | null;

  @Column({ type: 'text', name: 'art_id', nullable: true })
  artId!: string | null;

  @Column({ type: 'text', name: 'artefact_digest', nullable: true })
  artefactDigest!: string | null;

  @Column({ type: 'text', name: 'reason_code' })
  reasonCode!: string;

  @Column({ type: 'text' })
  remediation!: string;

  @Column({ type: 'uuid', name: 'opened_by', nullable: true })
  openedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'opened_at' })
  openedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
