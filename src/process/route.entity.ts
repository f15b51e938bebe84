import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'case_route' })
@Index('case_route_entry_idx', ['orgId', 'entryKey'])
@Check('case_route_version_positive', `version > 0`)
@Check('case_route_event_known', `event IN ('chosen', 'outgrown', 'regained')`)
@Check('case_route_route_known', `route IN ('standard', 'small-feature', 'single-story')`)
export class CaseRouteEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'case_route_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'case_id', primaryKeyConstraintName: 'case_route_pk' })
  caseId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'case_route_pk' })
  version!: number;

  @Column({ type: 'text' })
  event!: string;

  @Column({ type: 'text' })
  route!: string;

  @Column({ type: 'text', name: 'reason_code' })
  reasonCode!: string;

  @Column({ type: 'integer', name: 'estimated_minutes', nullable: true })
  estimatedMinutes!: number | null;

  @Column({ type: 'integer' })
  stories!: number;

  @Column({ type: 'text', name: 'policy_digest' })
  policyDigest!: string;

  @Column({ type: 'uuid', name: 'recorded_by', nullable: true })
  recordedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'recorded_at' })
  recordedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
