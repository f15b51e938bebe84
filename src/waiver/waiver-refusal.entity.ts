import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { WaiverEntity } from './waiver.entity.js';

@Entity({ schema: 'assay', name: 'waiver_refusal' })
@Unique('waiver_refusal_key_unique', ['orgId', 'entryKey'])
export class WaiverRefusalEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_refusal_pk' })
  waiverId!: string;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'waiver_refusal_waiver_fk' })
  waiver!: WaiverEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'refused_by' })
  by!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
