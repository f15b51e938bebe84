import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { OrganisationEntity } from './organisation.entity.js';
import { PrincipalEntity } from './principal.entity.js';
import { ProjectEntity } from './project.entity.js';

@Entity({ schema: 'assay', name: 'access_grant' })
@Index('access_grant_principal_idx', ['principalId'])
@Index('access_grant_listed_idx', ['orgId', 'grantedAt', 'grantId'])
@Check(
  'access_grant_role_known',
  `access_role IN ('service', 'developer', 'officer', 'approver', 'auditor', 'admin', 'data-protection')`,
)
@Check('access_grant_rate', `requests_per_minute IS NULL OR (requests_per_minute > 0 AND project_id IS NULL)`)
export class AccessGrantEntity {
  @PrimaryColumn({ type: 'uuid', name: 'grant_id', primaryKeyConstraintName: 'access_grant_pk' })
  grantId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @ManyToOne(() => OrganisationEntity)
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'access_grant_org_fk' })
  organisation!: OrganisationEntity;

  @Column({ type: 'uuid', name: 'principal_id' })
  principalId!: string;

  @ManyToOne(() => PrincipalEntity)
  @JoinColumn({ name: 'principal_id', foreignKeyConstraintName: 'access_grant_principal_fk' })
  principal!: PrincipalEntity;

  @Column({ type: 'text', name: 'access_role' })
  accessRole!: string;

  @Column({ type: 'uuid', name: 'project_id', nullable: true })
  projectId!: string | null;

  @ManyToOne(() => ProjectEntity)
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'access_grant_project_fk' })
  project!: ProjectEntity | null;

  @Column({ type: 'integer', name: 'requests_per_minute', nullable: true })
  requestsPerMinute!: number | null;

  @Column({ type: 'text', name: 'unrecorded_policies', array: true, nullable: true })
  unrecordedPolicies!: string[] | null;

  @Column({ type: 'timestamptz', name: 'granted_at' })
  grantedAt!: Date;

  @Column({ type: 'uuid', name: 'granted_by', nullable: true })
  grantedBy!: string | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
