import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['waiver_escalation', 'waiver_delegation', 'waiver_delegation_withdrawal'];

/**
 * Waivers name what they renew and what was handed in with them; approvers let others speak for them; and the worker
 * learns from a work list, not by looking at all waivers, what ends or is late.
 */
export class ExtendWaivers1795700003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.waiver
        ADD COLUMN renews uuid,                   -- the waiver this one continues
        ADD COLUMN attachments text[],            -- digests of stored evidence; null when there are none
        ADD COLUMN review_hours integer,          -- with the one below: who has to look at it and how long, or null
        ADD COLUMN review_path text[],
        ADD CONSTRAINT waiver_renews_fk FOREIGN KEY (renews) REFERENCES assay.waiver (waiver_id),
        ADD CONSTRAINT waiver_attachments_some CHECK (cardinality(attachments) > 0),
        ADD CONSTRAINT waiver_review_whole CHECK (
          num_nulls(review_hours, review_path) = 2
          OR (num_nulls(review_hours, review_path) = 0 AND review_hours > 0 AND cardinality(review_path) > 0));
      CREATE INDEX waiver_renews_idx ON assay.waiver (renews) WHERE renews IS NOT NULL; -- what continues a waiver

      ALTER TABLE assay.waiver_approval
        ADD COLUMN delegation_id uuid,            -- with the one below: in whose place, and by what right, or null
        ADD COLUMN delegated_from uuid,
        ADD CONSTRAINT waiver_approval_delegation_whole CHECK (num_nulls(delegation_id, delegated_from) IN (0, 2));

      CREATE TABLE assay.waiver_escalation (
        waiver_id uuid NOT NULL,
        step integer NOT NULL,
        org_id uuid NOT NULL,
        role text NOT NULL,                       -- who has to look at it now
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_escalation_pk PRIMARY KEY (waiver_id, step),
        CONSTRAINT waiver_escalation_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_escalation_step_positive CHECK (step >= 1),
        CONSTRAINT waiver_escalation_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver (waiver_id)
      );

      CREATE TABLE assay.waiver_delegation (
        delegation_id uuid NOT NULL,
        org_id uuid NOT NULL,
        delegator_id uuid NOT NULL,
        delegate_id uuid NOT NULL,
        valid_from timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        given_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_delegation_pk PRIMARY KEY (delegation_id),
        CONSTRAINT waiver_delegation_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_delegation_window_ordered CHECK (valid_from <= valid_until),
        CONSTRAINT waiver_delegation_two_persons CHECK (delegator_id <> delegate_id)
      );
      CREATE INDEX waiver_delegation_newest_idx ON assay.waiver_delegation (org_id, given_at, delegation_id); -- paged list
      CREATE INDEX waiver_delegation_delegate_idx ON assay.waiver_delegation (org_id, delegate_id); -- for whom may I speak
      ALTER TABLE assay.waiver_approval
        ADD CONSTRAINT waiver_approval_delegation_fk FOREIGN KEY (delegation_id)
          REFERENCES assay.waiver_delegation (delegation_id);

      CREATE TABLE assay.waiver_delegation_withdrawal (
        delegation_id uuid NOT NULL,
        org_id uuid NOT NULL,
        withdrawn_by uuid NOT NULL,
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_delegation_withdrawal_pk PRIMARY KEY (delegation_id),
        CONSTRAINT waiver_delegation_withdrawal_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_delegation_withdrawal_delegation_fk FOREIGN KEY (delegation_id)
          REFERENCES assay.waiver_delegation (delegation_id)
      );

      -- A work list: whatever time itself does to a waiver, at what time. A row is marked with its entry.
      CREATE TABLE assay.waiver_due (
        waiver_id uuid NOT NULL,
        what text NOT NULL,
        step integer NOT NULL,
        org_id uuid NOT NULL,
        due_at timestamptz NOT NULL,
        handled_at timestamptz,
        CONSTRAINT waiver_due_pk PRIMARY KEY (waiver_id, what, step),
        CONSTRAINT waiver_due_what_known CHECK (what IN ('end', 'review')),
        CONSTRAINT waiver_due_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver (waiver_id)
      );
      CREATE INDEX waiver_due_at_idx ON assay.waiver_due (due_at) WHERE handled_at IS NULL; -- all the timer ever asks
      INSERT INTO assay.waiver_due (waiver_id, what, step, org_id, due_at)
        SELECT waiver_id, 'end', 0, org_id, effective_until + interval '1 millisecond' FROM assay.waiver
         WHERE effective_until > now();

      GRANT SELECT, INSERT ON assay.waiver_escalation, assay.waiver_delegation, assay.waiver_delegation_withdrawal
        TO assay_service;
      GRANT SELECT, INSERT ON assay.waiver_due TO assay_service;
      GRANT UPDATE (handled_at) ON assay.waiver_due TO assay_service;
      GRANT SELECT ON assay.waiver_escalation, assay.waiver_delegation, assay.waiver_delegation_withdrawal,
        assay.waiver_due TO assay_auditor;
    `);
    for (const table of TABLES)
      await runner.query(`
        CREATE TRIGGER ${table}_immutable BEFORE UPDATE OR DELETE ON assay.${table}
          FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
        CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON assay.${table}
          FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
        ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_immutable;
        ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE assay.waiver_due, assay.waiver_escalation;
      ALTER TABLE assay.waiver_approval DROP COLUMN delegation_id, DROP COLUMN delegated_from;
      DROP TABLE assay.waiver_delegation_withdrawal, assay.waiver_delegation;
      ALTER TABLE assay.waiver DROP COLUMN renews, DROP COLUMN attachments, DROP COLUMN review_hours,
        DROP COLUMN review_path;
    `);
  }
}
