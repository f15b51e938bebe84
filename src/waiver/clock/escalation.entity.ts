import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { WaiverEntity } from '../waiver.entity.js';

@Entity({ schema: 'assay', name: 'waiver_escalation' })
@Unique('waiver_escalation_key_unique', ['orgId', 'entryKey'])
@Check('waiver_escalation_step_positive', `step >= 1`)
export class WaiverEscalationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_escalation_pk' })
  waiverId!: string;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'waiver_escalation_waiver_fk' })
  waiver!: WaiverEntity;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'waiver_escalation_pk' })
  step!: number;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text' })
  role!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
