import type { MigrationInterface, QueryRunner } from 'typeorm';

const appendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_immutable BEFORE UPDATE OR DELETE ON assay.${table}
    FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
  CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON assay.${table}
    FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
  ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_immutable;
  ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
`;

/**
 * The delivery process. Every row is a record that one entry made and that nobody changes: an edit is another version.
 * What people call a case, and what a criterion says, are personal fields beside the entries.
 */
export class CreateProcess1795700001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.work_item (
        org_id uuid NOT NULL,
        case_id text NOT NULL,
        version integer NOT NULL,
        project_id uuid NOT NULL,
        kind text NOT NULL,
        parent_id text,
        estimated_minutes integer,
        status text NOT NULL,
        template_id text,
        template_version integer,
        changed_by uuid,
        changed_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT work_item_pk PRIMARY KEY (org_id, case_id, version),
        CONSTRAINT work_item_version_positive CHECK (version > 0),
        CONSTRAINT work_item_kind_known CHECK (kind IN ('project', 'feature', 'story', 'fix')),
        CONSTRAINT work_item_status_known CHECK (status IN ('planned', 'active', 'done', 'cancelled')),
        CONSTRAINT work_item_estimate_positive CHECK (estimated_minutes > 0),
        CONSTRAINT work_item_template_is_whole CHECK ((template_id IS NULL) = (template_version IS NULL)),
        CONSTRAINT work_item_not_its_own_parent CHECK (parent_id <> case_id)
      );
      CREATE INDEX work_item_entry_idx ON assay.work_item (org_id, entry_key); -- a command that is repeated
      CREATE INDEX work_item_parent_idx ON assay.work_item (org_id, parent_id); -- what stands below a case
      CREATE INDEX work_item_project_idx ON assay.work_item (org_id, project_id, case_id); -- the cases of a project
      ${appendOnly('work_item')}

      CREATE TABLE assay.process_template (
        org_id uuid NOT NULL,
        template_id text NOT NULL,
        version integer NOT NULL,
        title jsonb NOT NULL,
        activities jsonb NOT NULL,
        published_by uuid,
        published_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT process_template_pk PRIMARY KEY (org_id, template_id, version),
        CONSTRAINT process_template_version_positive CHECK (version > 0)
      );
      CREATE INDEX process_template_entry_idx ON assay.process_template (org_id, entry_key); -- a command that is repeated
      ${appendOnly('process_template')}

      CREATE TABLE assay.process_step (
        org_id uuid NOT NULL,
        case_id text NOT NULL,
        ordinal integer NOT NULL,
        act_id text NOT NULL,
        event text NOT NULL,
        role text,
        artefacts jsonb NOT NULL,
        agent jsonb,
        actor_id uuid NOT NULL,
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT process_step_pk PRIMARY KEY (org_id, case_id, ordinal),
        CONSTRAINT process_step_ordinal_positive CHECK (ordinal > 0),
        CONSTRAINT process_step_event_known CHECK (event IN ('started', 'finished'))
      );
      CREATE INDEX process_step_entry_idx ON assay.process_step (org_id, entry_key); -- a command that is repeated
      ${appendOnly('process_step')}

      CREATE TABLE assay.acceptance_criterion (
        org_id uuid NOT NULL,
        case_id text NOT NULL,
        criterion_id text NOT NULL,
        version integer NOT NULL,
        test_ids jsonb NOT NULL,
        withdrawn boolean NOT NULL,
        changed_by uuid NOT NULL,
        changed_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT acceptance_criterion_pk PRIMARY KEY (org_id, case_id, criterion_id, version),
        CONSTRAINT acceptance_criterion_version_positive CHECK (version > 0)
      );
      CREATE INDEX acceptance_criterion_entry_idx ON assay.acceptance_criterion (org_id, entry_key); -- a command that is repeated
      ${appendOnly('acceptance_criterion')}

      CREATE TABLE assay.process_role (
        org_id uuid NOT NULL,
        project_id uuid NOT NULL,
        role text NOT NULL,
        holder_id uuid NOT NULL,
        version integer NOT NULL,
        assigned boolean NOT NULL,
        changed_by uuid,
        changed_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT process_role_pk PRIMARY KEY (org_id, project_id, role, holder_id, version),
        CONSTRAINT process_role_version_positive CHECK (version > 0)
      );
      CREATE INDEX process_role_entry_idx ON assay.process_role (org_id, entry_key); -- a command that is repeated
      ${appendOnly('process_role')}

      CREATE TABLE assay.artefact_relation (
        org_id uuid NOT NULL,
        from_art_id text NOT NULL,
        from_digest text NOT NULL,
        relation text NOT NULL,
        to_art_id text NOT NULL,
        to_digest text NOT NULL,
        stated_by uuid NOT NULL,
        stated_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT artefact_relation_pk PRIMARY KEY (org_id, from_art_id, from_digest, relation, to_art_id, to_digest),
        CONSTRAINT artefact_relation_relation_known CHECK (relation IN ('derivedFrom', 'shardOf', 'supersedes')),
        CONSTRAINT artefact_relation_not_to_itself CHECK ((from_art_id, from_digest) <> (to_art_id, to_digest))
      );
      CREATE INDEX artefact_relation_entry_idx ON assay.artefact_relation (org_id, entry_key); -- a command that is repeated
      CREATE INDEX artefact_relation_to_idx ON assay.artefact_relation (org_id, to_art_id, to_digest); -- what was made of a version
      ${appendOnly('artefact_relation')}

      CREATE TABLE assay.case_route (
        org_id uuid NOT NULL,
        case_id text NOT NULL,
        version integer NOT NULL,
        event text NOT NULL,
        route text NOT NULL,
        reason_code text NOT NULL,
        estimated_minutes integer,
        stories integer NOT NULL,
        policy_digest text NOT NULL,
        recorded_by uuid,
        recorded_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT case_route_pk PRIMARY KEY (org_id, case_id, version),
        CONSTRAINT case_route_version_positive CHECK (version > 0),
        CONSTRAINT case_route_event_known CHECK (event IN ('chosen', 'outgrown', 'regained')),
        CONSTRAINT case_route_route_known CHECK (route IN ('standard', 'small-feature', 'single-story'))
      );
      CREATE INDEX case_route_entry_idx ON assay.case_route (org_id, entry_key); -- a command that is repeated
      ${appendOnly('case_route')}

      CREATE TABLE assay.fix_task (
        org_id uuid NOT NULL,
        fix_id text NOT NULL,
        project_id uuid NOT NULL,
        case_id text,
        act_id text,
        gate_id text,
        run_id uuid,
        art_id text,
        artefact_digest text,
        reason_code text NOT NULL,
        remediation text NOT NULL,
        opened_by uuid,
        opened_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT fix_task_pk PRIMARY KEY (org_id, fix_id),
        CONSTRAINT fix_task_remediation_known CHECK (remediation IN ('rerun', 're-shard', 'reopen-story'))
      );
      CREATE INDEX fix_task_entry_idx ON assay.fix_task (org_id, entry_key); -- a command that is repeated
      CREATE INDEX fix_task_case_idx ON assay.fix_task (org_id, case_id); -- rework of a case
      CREATE INDEX fix_task_gate_idx ON assay.fix_task (org_id, gate_id); -- rework at a gate
      ${appendOnly('fix_task')}

      GRANT SELECT, INSERT ON assay.work_item, assay.process_template, assay.process_step, assay.acceptance_criterion, assay.process_role, assay.artefact_relation, assay.case_route, assay.fix_task TO assay_service;
      GRANT SELECT ON assay.work_item, assay.process_template, assay.process_step, assay.acceptance_criterion, assay.process_role, assay.artefact_relation, assay.case_route, assay.fix_task TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE assay.work_item, assay.process_template, assay.process_step, assay.acceptance_criterion, assay.process_role, assay.artefact_relation, assay.case_route, assay.fix_task`,
    );
  }
}
