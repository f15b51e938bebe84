import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'gate_version' })
@Check('gate_version_version_positive', `version >= 1`)
export class GateVersionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'gate_version_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'gate_id', primaryKeyConstraintName: 'gate_version_pk' })
  gateId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'gate_version_pk' })
  version!: number;

  @Column({ type: 'jsonb' })
  definition!: object;

  @Column({ type: 'timestamptz', name: 'defined_at' })
  definedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
