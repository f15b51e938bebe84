import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { OrganisationEntity } from './organisation.entity.js';

@Entity({ schema: 'assay', name: 'principal' })
@Unique('principal_subject_unique', ['orgId', 'issuer', 'subject'])
@Check('principal_kind_known', `kind IN ('person', 'service', 'agent')`)
@Check(
  'principal_erased_is_blank',
  `erased_at IS NULL OR (display_name = '' AND issuer = 'erased' AND subject = principal_id::text)`,
)
export class PrincipalEntity {
  @PrimaryColumn({ type: 'uuid', name: 'principal_id', primaryKeyConstraintName: 'principal_pk' })
  principalId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @ManyToOne(() => OrganisationEntity)
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'principal_org_fk' })
  organisation!: OrganisationEntity;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text' })
  subject!: string;

  @Column({ type: 'text', name: 'display_name' })
  displayName!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;

  @Column({ type: 'timestamptz', name: 'erased_at', nullable: true })
  erasedAt!: Date | null;
}
