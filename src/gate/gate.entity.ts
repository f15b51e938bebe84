import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'gate' })
@Check('gate_locus_known', `locus IN ('LOCAL', 'PR', 'RELEASE')`)
@Check('gate_fallback_closed', `fallback = 'closed'`)
@Check('gate_version_positive', `version >= 1 AND checklist_version >= 1`)
@Check('gate_run_bounded', `max_run_ms > 0`)
export class GateEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'gate_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'gate_id', primaryKeyConstraintName: 'gate_pk' })
  gateId!: string;

  @Column({ type: 'uuid', name: 'project_id' })
  projectId!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text' })
  locus!: string;

  @Column({ type: 'text', name: 'chk_id' })
  chkId!: string;

  @Column({ type: 'integer', name: 'checklist_version', nullable: true })
  checklistVersion!: number | null;

  @Column({ type: 'text', name: 'owner_role' })
  ownerRole!: string;

  @Column({ type: 'integer', name: 'max_run_ms' })
  maxRunMs!: number;

  /** Only what is not as every gate has it. */
  @Column({ type: 'jsonb', default: () => `'{}'` })
  terms!: object;

  @Column({ type: 'text' })
  fallback!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
