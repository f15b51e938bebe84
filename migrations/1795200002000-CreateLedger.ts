import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Member of the statement's predicate → filter column of ledger.fact. Generated, so that it cannot disagree. */
const FACT_COLUMNS: readonly (readonly [column: string, type: string, member: string, constraint: string])[] =
  [
    ['org_id', 'uuid', 'orgId', 'NOT NULL'],
    ['kind', 'text', 'kind', 'NOT NULL'],
    ['actor', 'text', 'actor', 'NOT NULL'],
    ['ts_start', 'text', 'tsStart', 'NOT NULL'], // RFC 3339 UTC text: sorts as time; a cast to timestamptz is not immutable
    ['ts_end', 'text', 'tsEnd', 'NOT NULL'],
    ['case_id', 'text', 'caseId', ''],
    ['act_id', 'text', 'actId', ''],
    ['gate_id', 'text', 'gateId', ''],
    ['art_id', 'text', 'artId', ''],
    ['artefact_digest', 'text', 'artefactDigest', ''],
    ['decision_id', 'text', 'decisionId', ''],
    ['result', 'text', 'result', ''],
    ['severity', 'text', 'severity', ''],
    ['waiver_ids', 'jsonb', 'waiverIds', ''],
  ];

const factColumn = ([column, type, member, constraint]: (typeof FACT_COLUMNS)[number]): string => {
  const path = `'{predicate,urn:assay:facts:v1,${member}}'`;
  const value = type === 'jsonb' ? `statement::jsonb #> ${path}` : `(statement::jsonb #>> ${path})::${type}`;
  return `${column} ${type} ${constraint} GENERATED ALWAYS AS (${value}) STORED`;
};

const ENTRIES = `
  -- The log. seq is the leaf index, contiguous from 0; leaf_hash is computed by append_batch, never by a client.
  CREATE TABLE ledger.entry (
    seq bigint NOT NULL,
    leaf text NOT NULL,
    leaf_hash bytea NOT NULL,
    content_digest bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT entry_pk PRIMARY KEY (seq),
    CONSTRAINT entry_seq_from_zero CHECK (seq >= 0),
    CONSTRAINT entry_leaf_bytes CHECK (octet_length(leaf) BETWEEN 1 AND 65535),
    CONSTRAINT entry_leaf_hash_bytes CHECK (octet_length(leaf_hash) = 32),
    CONSTRAINT entry_content_digest_bytes CHECK (octet_length(content_digest) = 32)
  );
  ALTER TABLE ledger.entry ALTER COLUMN leaf SET STORAGE EXTERNAL; -- signatures do not compress

  -- Apart from entry, because a unique key must contain the partition column once entry is partitioned by seq.
  CREATE TABLE ledger.idem (
    idem_key bytea NOT NULL,
    seq bigint NOT NULL,
    content_digest bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT idem_pk PRIMARY KEY (idem_key),
    CONSTRAINT idem_seq_unique UNIQUE (seq),
    CONSTRAINT idem_key_bytes CHECK (octet_length(idem_key) = 16)
  );

  CREATE TABLE ledger.fact (
    seq bigint NOT NULL,
    statement text NOT NULL,
    ${FACT_COLUMNS.map(factColumn).join(',\n    ')},
    CONSTRAINT fact_pk PRIMARY KEY (seq)
  );
  CREATE INDEX fact_org_seq_idx ON ledger.fact (org_id, seq); -- an organisation's entries, in order
  CREATE INDEX fact_org_kind_seq_idx ON ledger.fact (org_id, kind, seq); -- readers by kind
  CREATE INDEX fact_artefact_idx ON ledger.fact (artefact_digest, seq) WHERE artefact_digest IS NOT NULL; -- history of a version
  CREATE INDEX fact_decision_idx ON ledger.fact (decision_id) WHERE decision_id IS NOT NULL; -- the entry of a decision
  CREATE INDEX fact_waiver_idx ON ledger.fact USING gin (waiver_ids) WHERE waiver_ids IS NOT NULL; -- where a waiver was used
`;

const PERSONAL = `
  -- The only place for personal fields: one row for each person an entry concerns.
  CREATE TABLE ledger.body (
    seq bigint NOT NULL,
    subject text NOT NULL,
    org_id uuid NOT NULL,
    ciphertext bytea,
    key_id uuid NOT NULL,
    retention_class text NOT NULL DEFAULT 'standard',
    erased_at timestamptz,
    CONSTRAINT body_pk PRIMARY KEY (seq, subject),
    CONSTRAINT body_erased_is_empty CHECK ((ciphertext IS NULL) = (erased_at IS NOT NULL))
  );

  CREATE TABLE ledger.subject_key (
    key_id uuid NOT NULL,
    org_id uuid NOT NULL,
    subject text NOT NULL,
    wrapped_key bytea,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    CONSTRAINT subject_key_pk PRIMARY KEY (key_id),
    CONSTRAINT subject_key_destroyed_is_empty CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
  );
  -- One living key per person; who returns after erasure gets another.
  CREATE UNIQUE INDEX subject_key_living_idx ON ledger.subject_key (org_id, subject) WHERE destroyed_at IS NULL;

  CREATE TABLE ledger.hold (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    scope text NOT NULL,
    until timestamptz,
    entry_seq bigint NOT NULL,
    CONSTRAINT hold_pk PRIMARY KEY (id)
  );
`;

const TREE = `
  -- The only sequencer. Its row lock makes lock order = seq order = commit order: no gaps, no visibility hole.
  CREATE TABLE ledger.seqcoord (
    id integer NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT seqcoord_pk PRIMARY KEY (id),
    CONSTRAINT seqcoord_one_row CHECK (id = 1)
  ) WITH (fillfactor = 10);
  INSERT INTO ledger.seqcoord VALUES (1, 0);

  -- State and fence of the integrator.
  CREATE TABLE ledger.intcoord (
    id integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT intcoord_pk PRIMARY KEY (id),
    CONSTRAINT intcoord_one_row CHECK (id = 1)
  ) WITH (fillfactor = 10);
  INSERT INTO ledger.intcoord VALUES (1, 0, sha256(''));

  CREATE TABLE ledger.tile (
    level smallint NOT NULL,
    idx bigint NOT NULL,
    width smallint NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT tile_pk PRIMARY KEY (level, idx, width),
    CONSTRAINT tile_level_range CHECK (level BETWEEN 0 AND 63),
    CONSTRAINT tile_width_range CHECK (width BETWEEN 1 AND 256),
    CONSTRAINT tile_data_bytes CHECK (octet_length(data) = width * 32)
  );
  ALTER TABLE ledger.tile ALTER COLUMN data SET STORAGE EXTERNAL; -- hashes do not compress

  CREATE TABLE ledger.checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    cosigned text,
    created timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT checkpoint_pk PRIMARY KEY (size)
  );

  -- Work list for readers; holds nothing that the entry lacks.
  CREATE TABLE ledger.dispatch (
    seq bigint NOT NULL,
    org_id uuid NOT NULL,
    kind text NOT NULL,
    dispatched_at timestamptz,
    CONSTRAINT dispatch_pk PRIMARY KEY (seq)
  );
  CREATE INDEX dispatch_open_idx ON ledger.dispatch (seq) WHERE dispatched_at IS NULL; -- the sweep

  CREATE TABLE ledger.handled (
    reader text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT handled_pk PRIMARY KEY (reader, seq)
  );
`;

/** Writes the records `picks` (ordinals, ascending) from `base` on. Called by append_batch only. */
const WRITE_ENTRIES = `
  CREATE FUNCTION ledger.write_entries(base bigint, picks integer[], leaves text[], facts text[], bodies text[],
    keys bytea, digests bytea) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest)
      SELECT base + n - 1, leaves[i], sha256(decode('00', 'hex') || convert_to(leaves[i], 'UTF8')),
             substr(digests, (i - 1) * 32 + 1, 32)
      FROM unnest(picks) WITH ORDINALITY AS pick(i, n);
    INSERT INTO ledger.idem (idem_key, seq, content_digest)
      SELECT substr(keys, (i - 1) * 16 + 1, 16), base + n - 1, substr(digests, (i - 1) * 32 + 1, 32)
      FROM unnest(picks) WITH ORDINALITY AS pick(i, n);
    INSERT INTO ledger.fact (seq, statement)
      SELECT base + n - 1, facts[i] FROM unnest(picks) WITH ORDINALITY AS pick(i, n);
    INSERT INTO ledger.body (seq, subject, org_id, ciphertext, key_id)
      SELECT base + n - 1, b.subject, f.org_id, decode(b.ciphertext, 'base64'), b.key_id
      FROM unnest(picks) WITH ORDINALITY AS pick(i, n)
      JOIN ledger.fact f ON f.seq = base + n - 1
      CROSS JOIN jsonb_to_recordset(bodies[i]::jsonb) AS b(subject text, ciphertext text, key_id uuid);
    INSERT INTO ledger.dispatch (seq, org_id, kind)
      SELECT f.seq, f.org_id, f.kind FROM ledger.fact f WHERE f.seq BETWEEN base AND base + cardinality(picks) - 1;
    UPDATE ledger.seqcoord SET next = base + cardinality(picks) WHERE id = 1;
    PERFORM pg_notify('assay_ledger', '');
  END $$;
`;

/**
 * leaves, facts (statements) and bodies (JSON arrays) are lines, one per record; keys are 16 and digests 32 bytes
 * each. Answers (0, base, 'created') when all were created in order from base, else one row per ordinal from 1.
 */
const APPEND_BATCH = `
  CREATE FUNCTION ledger.append_batch(leaves text, facts text, bodies text, keys bytea, digests bytea)
    RETURNS TABLE (ordinal integer, seq bigint, outcome text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
  #variable_conflict use_column
  DECLARE
    leaf_lines text[] := string_to_array(leaves, chr(10));
    fact_lines text[] := string_to_array(facts, chr(10));
    body_lines text[] := string_to_array(bodies, chr(10));
    records integer := cardinality(leaf_lines);
    base bigint;
    fresh integer[];
    violated text;
  BEGIN
    IF records NOT BETWEEN 1 AND 1000 OR cardinality(fact_lines) <> records OR cardinality(body_lines) <> records
      OR octet_length(keys) <> records * 16 OR octet_length(digests) <> records * 32
    THEN RAISE EXCEPTION 'append_batch: counts disagree' USING ERRCODE = '22023'; END IF;
    IF EXISTS (SELECT FROM unnest(leaf_lines) AS line WHERE octet_length(line) NOT BETWEEN 1 AND 65535)
    THEN RAISE EXCEPTION 'append_batch: a leaf is 1 to 65535 bytes' USING ERRCODE = '22023'; END IF;

    SELECT next INTO STRICT base FROM ledger.seqcoord WHERE id = 1 FOR UPDATE; -- kept until COMMIT

    BEGIN -- fast path: every key is new
      fresh := ARRAY(SELECT generate_series(1, records));
      PERFORM ledger.write_entries(base, fresh, leaf_lines, fact_lines, body_lines, keys, digests);
      RETURN QUERY SELECT 0, base, 'created'::text;
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
      IF violated <> 'idem_pk' THEN RAISE; END IF; -- a taken seq is corruption, not a retry
    END;

    -- Some key is known, or twice in the batch. A new statement, hence a snapshot taken after the lock wait.
    fresh := ARRAY(
      SELECT first FROM (
        SELECT min(i) AS first, substr(keys, (i - 1) * 16 + 1, 16) AS key
        FROM generate_series(1, records) AS i GROUP BY key
      ) AS candidate
      WHERE NOT EXISTS (SELECT FROM ledger.idem WHERE idem_key = candidate.key)
      ORDER BY first);
    IF cardinality(fresh) > 0 THEN
      PERFORM ledger.write_entries(base, fresh, leaf_lines, fact_lines, body_lines, keys, digests);
    END IF;
    RETURN QUERY
      SELECT i, known.seq, CASE
        WHEN i = ANY (fresh) THEN 'created'
        WHEN known.content_digest = substr(digests, (i - 1) * 32 + 1, 32) THEN 'exists'
        ELSE 'conflict' END
      FROM generate_series(1, records) AS i
      JOIN ledger.idem AS known ON known.idem_key = substr(keys, (i - 1) * 16 + 1, 16)
      ORDER BY i;
  END $$;
`;

/** The person's living data key; stores the offered one when there is none. */
const LIVING_KEY = `
  CREATE FUNCTION ledger.living_key(org uuid, person text, offered_id uuid, offered_key bytea)
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
`;

/** A body may be emptied, once, and nothing else. */
const ONLY_ERASURE = `
  CREATE FUNCTION ledger.refuse_all_but_erasure() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.ciphertext IS NULL
      AND (NEW.seq, NEW.subject, NEW.org_id, NEW.key_id, NEW.retention_class)
        = (OLD.seq, OLD.subject, OLD.org_id, OLD.key_id, OLD.retention_class)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% can only be erased: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
      USING ERRCODE = '42501';
  END $$;
`;

const appendOnly = (table: string, rowGuard = 'assay.refuse_change()'): string => `
  CREATE TRIGGER ${table}_immutable BEFORE UPDATE OR DELETE ON ledger.${table}
    FOR EACH ROW EXECUTE FUNCTION ${rowGuard};
  CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ledger.${table}
    FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
  ALTER TABLE ledger.${table} ENABLE ALWAYS TRIGGER ${table}_immutable;
  ALTER TABLE ledger.${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
`;

const GRANTS = `
  REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
  GRANT USAGE ON SCHEMA ledger TO assay_service, assay_integrator;

  GRANT EXECUTE ON FUNCTION ledger.append_batch(text, text, text, bytea, bytea) TO assay_service;
  GRANT EXECUTE ON FUNCTION ledger.living_key(uuid, text, uuid, bytea) TO assay_service;
  GRANT SELECT ON ledger.entry, ledger.idem, ledger.fact, ledger.body, ledger.subject_key, ledger.hold,
    ledger.tile, ledger.checkpoint, ledger.dispatch, ledger.handled TO assay_service;
  GRANT UPDATE (dispatched_at) ON ledger.dispatch TO assay_service;
  GRANT INSERT ON ledger.handled TO assay_service;

  GRANT SELECT ON ledger.entry, ledger.tile, ledger.checkpoint, ledger.intcoord TO assay_integrator;
  GRANT INSERT ON ledger.tile, ledger.checkpoint TO assay_integrator;
  GRANT UPDATE ON ledger.intcoord TO assay_integrator;
`;

/**
 * The tamper-evident ledger. Against the service this is prevention: it may execute append_batch, and owns
 * nothing. Against a superuser it is detection: the triggers stop a slip, the hash tree shows a deed.
 */
export class CreateLedger1795200002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const ddl of [ENTRIES, PERSONAL, TREE, WRITE_ENTRIES, APPEND_BATCH, LIVING_KEY, ONLY_ERASURE]) {
      await runner.query(ddl);
    }
    for (const table of ['entry', 'idem', 'fact', 'tile', 'checkpoint'])
      await runner.query(appendOnly(table));
    await runner.query(appendOnly('body', 'ledger.refuse_all_but_erasure()'));
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION ledger.append_batch(text, text, text, bytea, bytea);
      DROP FUNCTION ledger.write_entries(bigint, integer[], text[], text[], text[], bytea, bytea);
      DROP FUNCTION ledger.living_key(uuid, text, uuid, bytea);
      DROP TABLE ledger.handled, ledger.dispatch, ledger.checkpoint, ledger.tile, ledger.intcoord, ledger.seqcoord,
        ledger.hold, ledger.subject_key, ledger.body, ledger.fact, ledger.idem, ledger.entry;
      DROP FUNCTION ledger.refuse_all_but_erasure();
    `);
  }
}
