import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { WaiverEntity } from './waiver.entity.js';

@Entity({ schema: 'assay', name: 'waiver_revocation' })
@Unique('waiver_revocation_key_unique', ['orgId', 'entryKey'])
export class WaiverRevocationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'waiver_id', primaryKeyConstraintName: 'waiver_revocation_pk' })
  waiverId!: string;

  @ManyToOne(() => WaiverEntity)
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'waiver_revocation_waiver_fk' })
  waiver!: WaiverEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'uuid', name: 'revoked_by' })
  by!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
