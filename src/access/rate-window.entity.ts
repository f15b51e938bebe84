import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'rate_window' })
export class RateWindowEntity {
  @PrimaryColumn({ type: 'uuid', name: 'principal_id', primaryKeyConstraintName: 'rate_window_pk' })
  principalId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'timestamptz', name: 'began_at' })
  beganAt!: Date;

  @Column({ type: 'bigint' })
  used!: string;

  @Column({ type: 'bigint' })
  previous!: string;

  @Column({ type: 'boolean' })
  taken!: boolean;
}
