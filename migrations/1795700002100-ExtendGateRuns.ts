import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A run becomes one question with its attempts, apart from the decision that it leads to: it may be tried again, wait
 * for a person, be resumed, overridden or sent back, and be late. Each such step is a row that nobody changes.
 */
export class ExtendGateRuns1795700002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.gate_run
        ADD COLUMN attempt_limit integer NOT NULL DEFAULT 1,
        ADD COLUMN owner_role text NOT NULL DEFAULT '',
        ADD COLUMN due_at timestamptz,             -- after this it is late; null in runs of before: the deadline
        ADD COLUMN next_attempt_at timestamptz,
        ADD COLUMN next_escalation_at timestamptz, -- null: nobody else is to hear of it
        ADD COLUMN escalated integer NOT NULL DEFAULT 0,
        ADD COLUMN steps integer NOT NULL DEFAULT 0,
        ADD COLUMN reason_code text,
        ADD COLUMN question jsonb NOT NULL DEFAULT '{}', -- what a later attempt asks; nothing in it is searched for
        DROP CONSTRAINT gate_run_state_known,
        DROP CONSTRAINT gate_run_decided_has_decision,
        ADD CONSTRAINT gate_run_state_known CHECK (
          state IN ('queued', 'running', 'decided', 'failed', 'paused', 'overridden', 'rejected')),
        ADD CONSTRAINT gate_run_decided_has_decision CHECK (
          (state = 'decided' AND decision_id IS NOT NULL) OR state = 'rejected'
          OR (state NOT IN ('decided', 'rejected') AND decision_id IS NULL)),
        ADD CONSTRAINT gate_run_queued_until CHECK (state <> 'queued' OR next_attempt_at IS NOT NULL) NOT VALID;
      -- What the worker looks for, each index as small as what waits.
      CREATE INDEX gate_run_due_idx ON assay.gate_run (next_attempt_at) WHERE state = 'queued';
      CREATE INDEX gate_run_dead_idx ON assay.gate_run (deadline_at) WHERE state = 'running';
      CREATE INDEX gate_run_late_idx ON assay.gate_run (next_escalation_at) WHERE next_escalation_at IS NOT NULL;
      CREATE INDEX gate_run_newest_idx ON assay.gate_run (org_id, started_at, run_id); -- paged list, newest first
      CREATE INDEX gate_run_decision_idx ON assay.gate_run (decision_id) WHERE decision_id IS NOT NULL; -- how it came about

      CREATE TABLE assay.gate_run_step (
        run_id uuid NOT NULL,
        ordinal integer NOT NULL,
        org_id uuid NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        acted_by uuid,                             -- null: the service by itself
        attempt integer NOT NULL,
        state_before text NOT NULL,
        state_after text NOT NULL,
        reason_code text,
        decision_id uuid,                          -- the ERROR that an attempt ended with
        next_attempt_at timestamptz,
        due_at timestamptz,
        role text,
        waiver_ids uuid[] NOT NULL,
        fix_task_id text,
        rework integer,
        entry_key bytea NOT NULL,
        CONSTRAINT gate_run_step_pk PRIMARY KEY (run_id, ordinal),
        CONSTRAINT gate_run_step_run_fk FOREIGN KEY (run_id) REFERENCES assay.gate_run (run_id),
        CONSTRAINT gate_run_step_kind_known CHECK (
          kind IN ('retried', 'paused', 'resumed', 'overridden', 'rejected', 'escalated')),
        CONSTRAINT gate_run_step_ordinal_positive CHECK (ordinal >= 1 AND attempt >= 1),
        CONSTRAINT gate_run_step_override_rests_on_waivers CHECK (kind <> 'overridden' OR cardinality(waiver_ids) > 0)
      );
      CREATE UNIQUE INDEX gate_run_step_entry_idx ON assay.gate_run_step (org_id, entry_key); -- a repeated command
      CREATE INDEX gate_run_step_decision_idx ON assay.gate_run_step (decision_id) WHERE decision_id IS NOT NULL;

      CREATE TRIGGER gate_run_step_immutable BEFORE UPDATE OR DELETE ON assay.gate_run_step
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER gate_run_step_no_truncate BEFORE TRUNCATE ON assay.gate_run_step
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.gate_run_step ENABLE ALWAYS TRIGGER gate_run_step_immutable;
      ALTER TABLE assay.gate_run_step ENABLE ALWAYS TRIGGER gate_run_step_no_truncate;

      GRANT SELECT, INSERT ON assay.gate_run_step TO assay_service;
      GRANT SELECT ON assay.gate_run_step TO assay_auditor;
      GRANT UPDATE (attempt, attempt_limit, deadline_at, due_at, next_attempt_at, next_escalation_at, escalated, steps,
                    reason_code) ON assay.gate_run TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE assay.gate_run_step;
      DROP INDEX assay.gate_run_due_idx, assay.gate_run_dead_idx, assay.gate_run_late_idx, assay.gate_run_newest_idx,
                 assay.gate_run_decision_idx;
      UPDATE assay.gate_run SET state = 'failed', decision_id = NULL WHERE state IN ('overridden', 'rejected');
      REVOKE UPDATE (attempt, deadline_at) ON assay.gate_run FROM assay_service;
      ALTER TABLE assay.gate_run
        DROP CONSTRAINT gate_run_state_known,
        DROP CONSTRAINT gate_run_decided_has_decision,
        DROP CONSTRAINT gate_run_queued_until,
        ADD CONSTRAINT gate_run_state_known CHECK (state IN ('queued', 'running', 'decided', 'failed', 'paused')),
        ADD CONSTRAINT gate_run_decided_has_decision CHECK ((state = 'decided') = (decision_id IS NOT NULL)),
        DROP COLUMN attempt_limit, DROP COLUMN owner_role, DROP COLUMN due_at, DROP COLUMN next_attempt_at,
        DROP COLUMN next_escalation_at, DROP COLUMN escalated, DROP COLUMN steps, DROP COLUMN reason_code,
        DROP COLUMN question;
    `);
  }
}
