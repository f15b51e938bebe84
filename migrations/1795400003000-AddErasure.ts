import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Guards a table of which a row may change once, in one way: the first argument is the column that must go from
 * NULL to a value, all arguments together are the columns that may change, and DELETE is refused. The last
 * argument is the word for it in the message.
 */
const REFUSE_ALL_BUT = `
  CREATE FUNCTION ledger.refuse_all_but() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    may_change text[] := TG_ARGV[0 : TG_NARGS - 2];
  BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ->> TG_ARGV[0] IS NULL AND to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL
      AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% can only be %: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[TG_NARGS - 1], TG_OP
      USING ERRCODE = '42501';
  END $$;
`;

const guard = (table: string, ...args: readonly string[]): string => {
  const [, name = ''] = table.split('.');
  return `
  CREATE TRIGGER ${name}_guarded BEFORE UPDATE OR DELETE ON ${table}
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but(${args.map((arg) => `'${arg}'`).join(', ')});
  CREATE TRIGGER ${name}_no_truncate BEFORE TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
  ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}_guarded;
  ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}_no_truncate;
`;
};

const TABLES = `
  -- An erased principal keeps its id, which rows refer to, and nothing that names the person.
  ALTER TABLE assay.principal ADD COLUMN erased_at timestamptz;
  ALTER TABLE assay.principal ADD CONSTRAINT principal_erased_is_blank CHECK
    (erased_at IS NULL OR (display_name = '' AND issuer = 'erased' AND subject = principal_id::text));

  -- entry_seq is the entry that set it, lifted_seq the one that lifted it.
  ALTER TABLE ledger.hold ADD COLUMN lifted_seq bigint;
  ALTER TABLE ledger.hold ADD CONSTRAINT hold_scope_shape CHECK
    (scope ~ '^(everything|(person|case|artefact):.+)$');
  CREATE INDEX hold_org_idx ON ledger.hold (org_id, entry_seq);
  CREATE INDEX body_subject_idx ON ledger.body (org_id, subject) WHERE erased_at IS NULL; -- what an erasure empties

  -- Which organisation a login that is a member of assay_reader may read. Filled in by the owner alone.
  CREATE TABLE ledger.reader (
    login name NOT NULL,
    org_id uuid NOT NULL,
    CONSTRAINT reader_pk PRIMARY KEY (login, org_id)
  );

  -- What the verify job found last, for metrics. A signal, not evidence: whoever doubts it runs the verifier.
  CREATE TABLE ledger.verification (
    id integer NOT NULL,
    at timestamptz NOT NULL,
    full_at timestamptz NOT NULL,
    entries bigint NOT NULL,
    findings integer NOT NULL,
    CONSTRAINT verification_pk PRIMARY KEY (id),
    CONSTRAINT verification_one_row CHECK (id = 1)
  );
`;

/** As before, but the key is held until COMMIT: an erasure waits for who seals with it, and is waited for. */
const LIVING_KEY = `
  CREATE OR REPLACE FUNCTION ledger.living_key(org uuid, person text, offered_id uuid, offered_key bytea)
    RETURNS TABLE (key_id uuid, wrapped_key bytea)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  #variable_conflict use_column
  BEGIN
    LOOP
      INSERT INTO ledger.subject_key (key_id, org_id, subject, wrapped_key)
        VALUES (offered_id, org, person, offered_key)
        ON CONFLICT (org_id, subject) WHERE destroyed_at IS NULL DO NOTHING;
      RETURN QUERY SELECT k.key_id, k.wrapped_key FROM ledger.subject_key k
        WHERE k.org_id = org AND k.subject = person AND k.destroyed_at IS NULL FOR SHARE;
      EXIT WHEN FOUND; -- not when it was destroyed while we waited
    END LOOP;
  END $$;
`;

/** Holds in force that touch a person: all, that person, or a case or artefact in whose entries they appear. */
const HOLDS_ON = `
  CREATE FUNCTION ledger.holds_on(org uuid, person text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.id FROM ledger.hold h
    WHERE h.org_id = org AND h.lifted_seq IS NULL AND (h.until IS NULL OR h.until > clock_timestamp())
      AND (h.scope = 'everything' OR h.scope = 'person:' || person OR EXISTS (
        SELECT FROM ledger.fact f
        WHERE f.org_id = org AND (h.scope = 'case:' || f.case_id OR h.scope = 'artefact:' || f.art_id)
          AND (f.actor = person
            OR EXISTS (SELECT FROM ledger.body b WHERE b.seq = f.seq AND b.subject = person)
            OR EXISTS (SELECT FROM jsonb_each_text(f.statement::jsonb #> '{predicate,urn:assay:facts:v1,persons}') p
                       WHERE p.value = person))))
    ORDER BY h.entry_seq
  $$;
`;

/** What the signed statement says, so that nothing is done that is not on record. */
const STATES = `
  CREATE FUNCTION ledger.states(fact text, org uuid, kind text, member text[], expected text) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT facts ->> 'orgId' = org::text AND facts ->> 'kind' = kind AND facts #>> member IS NOT DISTINCT FROM expected
    FROM (SELECT fact::jsonb #> '{predicate,urn:assay:facts:v1}' AS facts) stated
  $$;
`;

/**
 * Destroys the keys of one person, empties their bodies, blanks their principal, and appends the entry that says
 * so: all or nothing. Outcomes: created, exists (the key was used for the same before; nothing is done again),
 * conflict, unknown (no such person in this organisation), held (holds says by which). Lock order is that of an
 * append, key before sequence, so that entries below seq are all emptied and later ones all kept.
 */
const ERASE_PERSON = `
  CREATE FUNCTION ledger.erase_person(org uuid, person uuid, leaf text, fact text, bodies text, key bytea,
    digest bytea) RETURNS TABLE (outcome text, seq bigint, holds uuid[])
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
  #variable_conflict use_column
  DECLARE
    pseudonym text;
    held uuid[];
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0)); -- no hold is set meanwhile
    IF NOT EXISTS (SELECT FROM ledger.idem i WHERE i.idem_key = key) THEN
      -- The entry that added the principal names the person's pseudonym, which we could not compute.
      SELECT b.subject INTO pseudonym FROM assay.principal p
        JOIN ledger.idem i ON i.idem_key = p.entry_key JOIN ledger.body b ON b.seq = i.seq
        WHERE p.principal_id = person AND p.org_id = org AND b.org_id = org;
      IF pseudonym IS NULL THEN RETURN QUERY SELECT 'unknown'::text, NULL::bigint, '{}'::uuid[]; RETURN; END IF;
      IF NOT ledger.states(fact, org, 'person.erased', '{persons,erased}', pseudonym)
      THEN RAISE EXCEPTION 'erase_person: the statement does not say so' USING ERRCODE = '22023'; END IF;

      PERFORM FROM ledger.subject_key k
        WHERE k.org_id = org AND k.subject = pseudonym AND k.destroyed_at IS NULL FOR UPDATE;
      PERFORM FROM ledger.seqcoord c WHERE c.id = 1 FOR UPDATE;
      held := ARRAY(SELECT ledger.holds_on(org, pseudonym));
      IF cardinality(held) > 0 THEN RETURN QUERY SELECT 'held'::text, NULL::bigint, held; RETURN; END IF;

      UPDATE ledger.subject_key SET wrapped_key = NULL, destroyed_at = clock_timestamp()
        WHERE org_id = org AND subject = pseudonym AND destroyed_at IS NULL;
      UPDATE ledger.body SET ciphertext = NULL, erased_at = clock_timestamp()
        WHERE org_id = org AND subject = pseudonym AND erased_at IS NULL;
      UPDATE assay.principal
        SET display_name = '', issuer = 'erased', subject = principal_id::text, erased_at = clock_timestamp()
        WHERE principal_id = person AND erased_at IS NULL;
    END IF;
    RETURN QUERY SELECT a.outcome, a.seq, '{}'::uuid[] FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
  END $$;
`;

const HOLDS = `
  CREATE FUNCTION ledger.set_hold(org uuid, hold_id uuid, hold_scope text, hold_until timestamptz, leaf text, fact text,
    bodies text, key bytea, digest bytea) RETURNS TABLE (outcome text, seq bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
  #variable_conflict use_column
  DECLARE
    appended record;
  BEGIN
    IF NOT (ledger.states(fact, org, 'hold.set', '{details,holdId}', hold_id::text)
        AND ledger.states(fact, org, 'hold.set', '{details,scope}', hold_scope)
        AND (fact::jsonb #>> '{predicate,urn:assay:facts:v1,details,until}')::timestamptz
          IS NOT DISTINCT FROM hold_until)
    THEN RAISE EXCEPTION 'set_hold: the statement does not say so' USING ERRCODE = '22023'; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0)); -- no erasure meanwhile
    SELECT a.outcome, a.seq INTO STRICT appended FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
    IF appended.outcome = 'created' THEN
      INSERT INTO ledger.hold (id, org_id, scope, until, entry_seq)
        VALUES (hold_id, org, hold_scope, hold_until, appended.seq);
    END IF;
    RETURN QUERY SELECT appended.outcome, appended.seq;
  END $$;

  -- Outcomes besides those of an append: unknown (no such hold), lifted (by another command before).
  CREATE FUNCTION ledger.lift_hold(org uuid, hold_id uuid, leaf text, fact text, bodies text, key bytea, digest bytea)
    RETURNS TABLE (outcome text, seq bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
  #variable_conflict use_column
  DECLARE
    standing record;
    appended record;
  BEGIN
    IF NOT ledger.states(fact, org, 'hold.lifted', '{details,holdId}', hold_id::text)
    THEN RAISE EXCEPTION 'lift_hold: the statement does not say so' USING ERRCODE = '22023'; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0));
    SELECT h.lifted_seq INTO standing FROM ledger.hold h WHERE h.id = hold_id AND h.org_id = org FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT 'unknown'::text, NULL::bigint; RETURN; END IF;
    IF standing.lifted_seq IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.idem i WHERE i.idem_key = key)
    THEN RETURN QUERY SELECT 'lifted'::text, standing.lifted_seq; RETURN; END IF;
    SELECT a.outcome, a.seq INTO STRICT appended FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
    IF appended.outcome = 'created' THEN
      UPDATE ledger.hold SET lifted_seq = appended.seq WHERE id = hold_id;
    END IF;
    RETURN QUERY SELECT appended.outcome, appended.seq;
  END $$;
`;

/** What a login of assay_reader sees: its organisations' rows. `session_user` cannot be changed by SET ROLE. */
const READER_VIEWS = `
  CREATE VIEW ledger.reader_entry WITH (security_barrier) AS
    SELECT f.*, e.at, e.leaf, e.leaf_hash FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq
    WHERE f.org_id IN (SELECT r.org_id FROM ledger.reader r WHERE r.login = session_user);
  CREATE VIEW ledger.reader_decision WITH (security_barrier) AS
    SELECT d.* FROM assay.decision d
    WHERE d.org_id IN (SELECT r.org_id FROM ledger.reader r WHERE r.login = session_user);
`;

const PRINCIPAL_WITHOUT_NAMES = 'principal_id, org_id, kind, created_at, entry_key, erased_at';
const KEY_WITHOUT_KEY = 'key_id, org_id, subject, created_at, destroyed_at';
const AUDITED = [
  ...[
    'organisation',
    'project',
    'access_grant',
    'artefact',
    'artefact_version',
    'evidence',
    'evidence_report',
  ],
  ...['policy_version', 'policy_revision', 'policy_check', 'policy_review', 'policy_review_outcome'],
  ...['policy_retirement', 'checklist_version', 'checklist_activation', 'gate', 'gate_run', 'decision'],
  ...['waiver', 'waiver_approval', 'waiver_refusal', 'waiver_revocation', 'migration'],
].map((table) => `assay.${table}`);
const LEDGER = ['entry', 'idem', 'fact', 'body', 'hold', 'tile', 'checkpoint', 'intcoord', 'seqcoord'].map(
  (table) => `ledger.${table}`,
);

const GRANTS = `
  REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
  GRANT USAGE ON SCHEMA ledger TO assay_eraser, assay_reader, assay_auditor;
  GRANT USAGE ON SCHEMA assay TO assay_auditor;

  GRANT EXECUTE ON FUNCTION ledger.living_key(uuid, text, uuid, bytea),
    ledger.erase_person(uuid, uuid, text, text, text, bytea, bytea),
    ledger.set_hold(uuid, uuid, text, timestamptz, text, text, text, bytea, bytea),
    ledger.lift_hold(uuid, uuid, text, text, text, bytea, bytea) TO assay_eraser;

  GRANT SELECT ON ledger.reader_entry, ledger.reader_decision, ledger.tile, ledger.checkpoint TO assay_reader;

  GRANT SELECT ON ${[...LEDGER, ...AUDITED].join(', ')} TO assay_auditor;
  GRANT SELECT (${PRINCIPAL_WITHOUT_NAMES}) ON assay.principal TO assay_auditor;
  GRANT SELECT (${KEY_WITHOUT_KEY}) ON ledger.subject_key TO assay_auditor;

  -- To show beforehand why an erasure would be refused; it reads what the service may read.
  GRANT EXECUTE ON FUNCTION ledger.holds_on(uuid, text) TO assay_service;
  GRANT SELECT, INSERT, UPDATE ON ledger.verification TO assay_service;
  GRANT SELECT ON ledger.verification TO assay_auditor;
  -- The verify job compares these too.
  GRANT SELECT ON ledger.seqcoord, ledger.intcoord TO assay_service;
`;

/**
 * Erasure of one person and legal hold, for a role of their own, and the two roles that only read. The eraser
 * can do neither without the entry that says so: the functions append it themselves.
 */
export class AddErasure1795400003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const ddl of [
      REFUSE_ALL_BUT,
      TABLES,
      LIVING_KEY,
      HOLDS_ON,
      STATES,
      ERASE_PERSON,
      HOLDS,
      READER_VIEWS,
    ])
      await runner.query(ddl);
    await runner.query(
      guard('assay.principal', 'erased_at', 'display_name', 'issuer', 'subject', 'erased') +
        guard('ledger.subject_key', 'destroyed_at', 'wrapped_key', 'destroyed') +
        guard('ledger.hold', 'lifted_seq', 'lifted'),
    );
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW ledger.reader_entry, ledger.reader_decision;
      DROP TABLE ledger.reader, ledger.verification;
      DROP FUNCTION ledger.lift_hold(uuid, uuid, text, text, text, bytea, bytea);
      DROP FUNCTION ledger.set_hold(uuid, uuid, text, timestamptz, text, text, text, bytea, bytea);
      DROP FUNCTION ledger.erase_person(uuid, uuid, text, text, text, bytea, bytea);
      DROP FUNCTION ledger.states(text, uuid, text, text[], text);
      DROP FUNCTION ledger.holds_on(uuid, text);
      DROP FUNCTION ledger.refuse_all_but() CASCADE;
      DROP TRIGGER principal_no_truncate ON assay.principal;
      DROP TRIGGER subject_key_no_truncate ON ledger.subject_key;
      DROP TRIGGER hold_no_truncate ON ledger.hold;
      DROP INDEX ledger.body_subject_idx, ledger.hold_org_idx;
      ALTER TABLE ledger.hold DROP CONSTRAINT hold_scope_shape, DROP COLUMN lifted_seq;
      ALTER TABLE assay.principal DROP CONSTRAINT principal_erased_is_blank, DROP COLUMN erased_at;
      CREATE OR REPLACE FUNCTION ledger.living_key(org uuid, person text, offered_id uuid, offered_key bytea)
        RETURNS TABLE (key_id uuid, wrapped_key bytea)
        LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      #variable_conflict use_column
      BEGIN
        INSERT INTO ledger.subject_key (key_id, org_id, subject, wrapped_key)
          VALUES (offered_id, org, person, offered_key)
          ON CONFLICT (org_id, subject) WHERE destroyed_at IS NULL DO NOTHING;
        RETURN QUERY SELECT k.key_id, k.wrapped_key FROM ledger.subject_key k
          WHERE k.org_id = org AND k.subject = person AND k.destroyed_at IS NULL;
      END $$;
      REVOKE SELECT ON ledger.seqcoord, ledger.intcoord FROM assay_service;
      REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM assay_eraser, assay_reader, assay_auditor;
      REVOKE ALL ON ALL TABLES IN SCHEMA assay FROM assay_auditor;
      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM assay_eraser;
      REVOKE USAGE ON SCHEMA ledger FROM assay_eraser, assay_reader, assay_auditor;
      REVOKE USAGE ON SCHEMA assay FROM assay_auditor;
    `);
  }
}
