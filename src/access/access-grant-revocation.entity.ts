import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { AccessGrantEntity } from './access-grant.entity.js';

@Entity({ schema: 'assay', name: 'access_grant_revocation' })
export class AccessGrantRevocationEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'grant_id',
    primaryKeyConstraintName: 'access_grant_revocation_pk',
  })
  grantId!: string;

  @OneToOne(() => AccessGrantEntity)
  @JoinColumn({ name: 'grant_id', foreignKeyConstraintName: 'access_grant_revocation_grant_fk' })
  grant!: AccessGrantEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'timestamptz', name: 'revoked_at' })
  revokedAt!: Date;

  @Column({ type: 'uuid', name: 'revoked_by' })
  revokedBy!: string;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
