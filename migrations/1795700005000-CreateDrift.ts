import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which decision stands for an artefact version at a gate, whether it is stale and why, and what is still to be
 * looked at. `standing_decision` and `drift_check` are read models by cursor: emptied, they are made again from the
 * ledger. `decision_stale` is a fact with its entry.
 */
export class CreateDrift1795700005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How far a reader that goes by sequence number has come: the next entry that it has not seen.
      CREATE TABLE ledger.cursor (
        reader text NOT NULL,
        next bigint NOT NULL,
        CONSTRAINT cursor_pk PRIMARY KEY (reader),
        CONSTRAINT cursor_not_negative CHECK (next >= 0)
      );

      CREATE TABLE assay.standing_decision (
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        decision_id uuid NOT NULL,
        seq bigint NOT NULL,               -- of its entry
        project_id uuid,                   -- null where the entry names none: before 2026-11
        locus text NOT NULL,
        chk_id text NOT NULL,
        checklist_version integer NOT NULL,
        checklist_digest text NOT NULL,
        inputs_digest text NOT NULL,
        document_digest text NOT NULL,
        verdict text NOT NULL,
        verdict_without_waivers text NOT NULL,
        as_of timestamptz NOT NULL,
        valid_until timestamptz,
        stale_seq bigint,                  -- of the first entry that says so; null: nobody said so
        CONSTRAINT standing_decision_pk PRIMARY KEY (org_id, gate_id, art_id, artefact_digest)
      );
      -- What new evidence touches.
      CREATE INDEX standing_decision_artefact_idx ON assay.standing_decision (org_id, artefact_digest);
      -- What waits to be judged again.
      CREATE INDEX standing_decision_stale_idx ON assay.standing_decision (stale_seq) WHERE stale_seq IS NOT NULL;
      -- Whose time has come.
      CREATE INDEX standing_decision_validity_idx ON assay.standing_decision (valid_until) WHERE stale_seq IS NULL;

      CREATE TABLE assay.drift_check (
        decision_id uuid NOT NULL,
        cause_seq bigint NOT NULL,
        cause_kind text NOT NULL,
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        outcome text,                      -- null until it was looked at
        CONSTRAINT drift_check_pk PRIMARY KEY (decision_id, cause_seq),
        CONSTRAINT drift_check_outcome_known CHECK (outcome IN ('STALE', 'SAME', 'UNAFFECTED', 'SUPERSEDED'))
      );
      CREATE INDEX drift_check_open_idx ON assay.drift_check (cause_seq, decision_id) WHERE outcome IS NULL; -- the work list

      CREATE TABLE assay.decision_stale (
        decision_id uuid NOT NULL,
        cause text NOT NULL,               -- entry:<seq>, or valid-until
        org_id uuid NOT NULL,
        cause_kind text NOT NULL,
        cause_seq bigint,
        gate_id text NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        found_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT decision_stale_pk PRIMARY KEY (decision_id, cause),
        CONSTRAINT decision_stale_cause_named CHECK (cause = coalesce('entry:' || cause_seq, 'valid-until'))
      );
      CREATE INDEX decision_stale_cause_idx ON assay.decision_stale (org_id, cause_seq); -- how far re-judging has come
      CREATE TRIGGER decision_stale_immutable BEFORE UPDATE OR DELETE ON assay.decision_stale
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER decision_stale_no_truncate BEFORE TRUNCATE ON assay.decision_stale
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.decision_stale ENABLE ALWAYS TRIGGER decision_stale_immutable;
      ALTER TABLE assay.decision_stale ENABLE ALWAYS TRIGGER decision_stale_no_truncate;

      GRANT SELECT, INSERT, UPDATE ON ledger.cursor, assay.standing_decision, assay.drift_check TO assay_service;
      GRANT SELECT, INSERT ON assay.decision_stale TO assay_service;
      GRANT SELECT ON ledger.cursor, assay.standing_decision, assay.drift_check, assay.decision_stale TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE assay.decision_stale, assay.drift_check, assay.standing_decision, ledger.cursor',
    );
  }
}
