import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  'policy_revision',
  'policy_check',
  'policy_review',
  'policy_review_outcome',
  'policy_retirement',
];

/**
 * What happens to a policy before and after it is published, as rows that are only ever added: the state of a
 * draft is derived from them. Contents are listings of blobs, named by the digest of the listing. No prose here:
 * notes and comments are encrypted in the ledger's bodies.
 */
export class CreatePolicyDrafts1795300001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.policy_revision (
        org_id uuid NOT NULL,
        policy_id text NOT NULL,
        revision integer NOT NULL,          -- 1, 2, 3 … : what a save expects, and the lock against lost edits
        content_digest text,                -- null where this revision threw the draft away
        listing text,                       -- canonical JSON: name, length and digest of every file
        saved_by uuid NOT NULL,
        saved_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT policy_revision_pk PRIMARY KEY (org_id, policy_id, revision),
        CONSTRAINT policy_revision_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT policy_revision_number CHECK (revision > 0),
        CONSTRAINT policy_revision_id_shape CHECK (policy_id ~ '^[a-z][a-z0-9-]{0,62}$'),
        CONSTRAINT policy_revision_digest_shape CHECK (content_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT policy_revision_whole CHECK ((content_digest IS NULL) = (listing IS NULL)),
        CONSTRAINT policy_revision_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      -- Not on record in the ledger: whoever doubts it checks the content again and gets the same answer.
      CREATE TABLE assay.policy_check (
        org_id uuid NOT NULL,
        policy_id text NOT NULL,
        content_digest text NOT NULL,
        opa_version text NOT NULL,
        checked_at timestamptz NOT NULL,
        CONSTRAINT policy_check_pk PRIMARY KEY (org_id, policy_id, content_digest),
        CONSTRAINT policy_check_digest_shape CHECK (content_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT policy_check_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      CREATE TABLE assay.policy_review (
        review_id uuid NOT NULL,
        org_id uuid NOT NULL,
        policy_id text NOT NULL,
        ordinal integer NOT NULL,           -- the policy's first, second … review: the later one counts
        revision integer NOT NULL,
        pack_version text NOT NULL,         -- the number under which it would be published
        content_digest text NOT NULL,       -- of what is reviewed: the draft and the library modules it needs
        listing text NOT NULL,
        source_digest text NOT NULL,        -- what policy_version.source_digest will be
        author_ids uuid[] NOT NULL,         -- who saved a revision since the last publication
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT policy_review_pk PRIMARY KEY (review_id),
        CONSTRAINT policy_review_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT policy_review_ordinal_unique UNIQUE (org_id, policy_id, ordinal),
        CONSTRAINT policy_review_has_authors CHECK (cardinality(author_ids) > 0),
        CONSTRAINT policy_review_content_shape CHECK (content_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT policy_review_source_shape CHECK (source_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT policy_review_revision_fk FOREIGN KEY (org_id, policy_id, revision)
          REFERENCES assay.policy_revision (org_id, policy_id, revision)
      );
      CREATE INDEX policy_review_of_revision_idx ON assay.policy_review (org_id, policy_id, revision); -- a draft's review

      CREATE TABLE assay.policy_review_outcome (
        review_id uuid NOT NULL,
        ordinal integer NOT NULL,
        org_id uuid NOT NULL,
        reviewer_id uuid NOT NULL,
        outcome text NOT NULL,
        at timestamptz NOT NULL,
        auth_time bigint,                   -- auth_time claim of the reviewer's token, seconds
        amr text[] NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT policy_review_outcome_pk PRIMARY KEY (review_id, ordinal),
        CONSTRAINT policy_review_outcome_once_each UNIQUE (review_id, reviewer_id),
        CONSTRAINT policy_review_outcome_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT policy_review_outcome_ordinal CHECK (ordinal > 0),
        CONSTRAINT policy_review_outcome_known CHECK (outcome IN ('approve', 'request-changes')),
        CONSTRAINT policy_review_outcome_review_fk FOREIGN KEY (review_id) REFERENCES assay.policy_review (review_id)
      );

      CREATE TABLE assay.policy_retirement (
        org_id uuid NOT NULL,
        policy_id text NOT NULL,
        version text NOT NULL,
        retired_by uuid NOT NULL,
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT policy_retirement_pk PRIMARY KEY (org_id, policy_id, version),
        CONSTRAINT policy_retirement_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT policy_retirement_version_fk FOREIGN KEY (org_id, policy_id, version)
          REFERENCES assay.policy_version (org_id, policy_id, version)
      );
      GRANT SELECT, INSERT ON ${TABLES.map((table) => `assay.${table}`).join(', ')} TO assay_service;
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
    await runner.query(
      `DROP TABLE ${[...TABLES]
        .reverse()
        .map((table) => `assay.${table}`)
        .join(', ')}`,
    );
  }
}
