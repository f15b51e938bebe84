import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'assay', name: 'organisation' })
@Unique('organisation_slug_unique', ['slug'])
@Check('organisation_slug_shape', `slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'`)
@Check('organisation_locale_known', `locale IN ('en', 'nl')`)
export class OrganisationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'organisation_pk' })
  orgId!: string;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', name: 'time_zone' })
  timeZone!: string;

  @Column({ type: 'text' })
  locale!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
