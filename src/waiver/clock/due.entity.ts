import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { WaiverEntity } from '../waiver.entity.js';

@Entity({ schema: 'assay', name: 'waiver_due' })
@Index('waiver_due_at_idx', ['dueAt'], { where: 'handled_at IS NULL' })
@Check('waiver_due_what_known', `what IN ('end', 'review')`)
export class WaiverDueEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_due_pk' })
  waiverId!: string;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'waiver_due_waiver_fk' })
  waiver!: WaiverEntity;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'waiver_due_pk' })
  what!: 'end' | 'review';

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'waiver_due_pk' })
  step!: number;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'timestamptz', name: 'due_at' })
  dueAt!: Date;

  @Column({ type: 'timestamptz', name: 'handled_at', nullable: true })
  handledAt!: Date | null;
}
