import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gates (edited under their version), runs (attempts, whose state moves) and decisions (immutable). A run
 * refers to at most one decision; several runs may refer to the same one.
 */
export class CreateGate1795200006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.gate (
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        project_id uuid NOT NULL,
        title text NOT NULL,
        locus text NOT NULL,
        chk_id text NOT NULL,
        checklist_version integer NOT NULL,
        owner_role text NOT NULL,
        max_run_ms integer NOT NULL,
        fallback text NOT NULL,
        version integer NOT NULL,
        entry_key bytea NOT NULL,           -- of the entry that says what stands here
        CONSTRAINT gate_pk PRIMARY KEY (org_id, gate_id),
        CONSTRAINT gate_locus_known CHECK (locus IN ('LOCAL', 'PR', 'RELEASE')),
        CONSTRAINT gate_fallback_closed CHECK (fallback = 'closed'),
        CONSTRAINT gate_version_positive CHECK (version >= 1 AND checklist_version >= 1),
        CONSTRAINT gate_run_bounded CHECK (max_run_ms > 0)
      );

      CREATE TABLE assay.decision (
        decision_id uuid NOT NULL,
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        chk_id text NOT NULL,
        checklist_version integer NOT NULL,
        checklist_digest text NOT NULL,
        inputs_digest text NOT NULL,        -- over all inputs except as-of
        as_of timestamptz NOT NULL,
        valid_until timestamptz,            -- holds in [as_of, valid_until); null: until an input changes
        verdict text NOT NULL,
        verdict_without_waivers text NOT NULL,
        document text NOT NULL,             -- canonical JSON, byte for byte what document_digest is over: not jsonb
        document_digest text NOT NULL,
        decided_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT decision_pk PRIMARY KEY (decision_id),
        CONSTRAINT decision_verdict_known CHECK (
          verdict IN ('PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR')
          AND verdict_without_waivers IN ('PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR'))
      );
      CREATE INDEX decision_reuse_idx ON assay.decision (org_id, inputs_digest, as_of); -- asked twice: the recorded one
      CREATE INDEX decision_artefact_idx ON assay.decision (org_id, artefact_digest); -- what was said about an artefact
      CREATE INDEX decision_newest_idx ON assay.decision (org_id, decided_at, decision_id); -- paged list, newest first

      CREATE TABLE assay.gate_run (
        run_id uuid NOT NULL,
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        attempt integer NOT NULL,
        state text NOT NULL,
        decision_id uuid,
        requested_by uuid NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        deadline_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT gate_run_pk PRIMARY KEY (run_id),
        CONSTRAINT gate_run_state_known CHECK (state IN ('queued', 'running', 'decided', 'failed', 'paused')),
        CONSTRAINT gate_run_decided_has_decision CHECK ((state = 'decided') = (decision_id IS NOT NULL)),
        CONSTRAINT gate_run_attempt_positive CHECK (attempt >= 1),
        CONSTRAINT gate_run_decision_fk FOREIGN KEY (decision_id) REFERENCES assay.decision (decision_id)
      );
      CREATE INDEX gate_run_attempts_idx ON assay.gate_run (org_id, gate_id, artefact_digest); -- counts attempts

      CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON assay.decision
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON assay.decision
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.decision ENABLE ALWAYS TRIGGER decision_immutable;
      ALTER TABLE assay.decision ENABLE ALWAYS TRIGGER decision_no_truncate;

      GRANT SELECT, INSERT ON assay.gate, assay.decision, assay.gate_run TO assay_service;
      GRANT UPDATE (project_id, title, locus, chk_id, checklist_version, owner_role, max_run_ms, version, entry_key)
        ON assay.gate TO assay_service;
      GRANT UPDATE (state, decision_id, finished_at) ON assay.gate_run TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE assay.gate_run, assay.decision, assay.gate`);
  }
}
