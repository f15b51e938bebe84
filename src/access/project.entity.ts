import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { OrganisationEntity } from './organisation.entity.js';

@Entity({ schema: 'assay', name: 'project' })
@Unique('project_slug_unique', ['orgId', 'slug'])
@Check('project_slug_shape', `slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'`)
export class ProjectEntity {
  @PrimaryColumn({ type: 'uuid', name: 'project_id', primaryKeyConstraintName: 'project_pk' })
  projectId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @ManyToOne(() => OrganisationEntity)
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'project_org_fk' })
  organisation!: OrganisationEntity;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
