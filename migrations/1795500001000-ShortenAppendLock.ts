import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filter columns of ledger.fact: column, type, member of the statement's facts. */
const FACT_COLUMNS: readonly (readonly [column: string, type: string, member: string])[] = [
  ['org_id', 'uuid', 'orgId'],
  ['kind', 'text', 'kind'],
  ['actor', 'text', 'actor'],
  ['ts_start', 'text', 'tsStart'],
  ['ts_end', 'text', 'tsEnd'],
  ['case_id', 'text', 'caseId'],
  ['act_id', 'text', 'actId'],
  ['gate_id', 'text', 'gateId'],
  ['art_id', 'text', 'artId'],
  ['artefact_digest', 'text', 'artefactDigest'],
  ['decision_id', 'text', 'decisionId'],
  ['result', 'text', 'result'],
  ['severity', 'text', 'severity'],
  ['waiver_ids', 'jsonb', 'waiverIds'],
];
const columns = FACT_COLUMNS.map(([column]) => column);
const filters = FACT_COLUMNS.map(
  ([column, type, member]) =>
    `${type === 'jsonb' ? `stated -> '${member}'` : `(stated ->> '${member}')::${type}`} AS ${column}`,
);

/**
 * PostgreSQL compresses a row above 2 KB, which is most statements, while it inserts it, that is, under the one lock
 * all appends wait for: a fifth of that time. Rows of up to half a page are now stored as they are, and longer ones as
 * before. New rows only; nothing is rewritten.
 */
const PLAIN_STATEMENTS = `
  ALTER TABLE ledger.fact SET (toast_tuple_target = 4080);
`;

/**
 * Takes the sequence lock, which is kept until COMMIT, and numbers records: those whose key is known, or came before
 * among these, get -1. Volatile, so the look-up is a statement of its own with a snapshot taken after the wait:
 * nobody adds a key until we commit.
 */
const TAKE_TURN = `
  CREATE FUNCTION ledger.take_turn(keys bytea, records bigint) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    base bigint;
    fresh bigint;
  BEGIN
    SELECT c.next INTO STRICT base FROM ledger.seqcoord c WHERE c.id = 1 FOR UPDATE;
    SELECT count(DISTINCT key) INTO fresh FROM (
        SELECT substr(keys, (i - 1) * 16 + 1, 16) AS key FROM generate_series(1, records::integer) AS i OFFSET 0
      ) AS given
      WHERE (SELECT known.seq FROM ledger.idem AS known WHERE known.idem_key = given.key) IS NULL;
    IF fresh = records THEN RETURN ARRAY(SELECT generate_series(base, base + records - 1)); END IF;
    RETURN ARRAY(
      SELECT CASE WHEN is_fresh THEN base + count(*) FILTER (WHERE is_fresh) OVER (ORDER BY i) - 1 ELSE -1 END
      FROM (
        SELECT i, row_number() OVER (PARTITION BY key ORDER BY i) = 1
          AND (SELECT known.seq FROM ledger.idem AS known WHERE known.idem_key = given.key) IS NULL AS is_fresh
        FROM (
          SELECT i, substr(keys, (i - 1) * 16 + 1, 16) AS key FROM generate_series(1, records::integer) AS i OFFSET 0
        ) AS given
      ) AS judged
      ORDER BY i);
  END $$;
`;

/**
 * Writes the records that `take_turn` numbers, and answers its numbers. Called by append_batch only. All that needs no
 * number – parsing, hashing – is done before the lock is taken, so that another transaction does it at the same time:
 * counting `ready` makes all of it. The statement is parsed once for all columns. No table is joined that grows: a plan
 * that was cached while it was small would scan it for ever.
 */
const WRITE_ENTRIES = `
  DROP FUNCTION ledger.write_entries(bigint, text[], text[], text[], bytea, bytea);
  CREATE FUNCTION ledger.write_entries(leaves text[], facts text[], bodies text[], keys bytea, digests bytea)
    RETURNS bigint[] LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    numbers bigint[];
  BEGIN
    WITH ready AS MATERIALIZED (
      SELECT given.n, given.leaf, sha256('\\x00'::bytea || convert_to(given.leaf, 'UTF8')) AS leaf_hash,
             substr(keys, (given.n::integer - 1) * 16 + 1, 16) AS idem_key,
             substr(digests, (given.n::integer - 1) * 32 + 1, 32) AS content_digest,
             given.fact, ${filters.join(', ')}
      FROM unnest(leaves, facts) WITH ORDINALITY AS given(leaf, fact, n)
      CROSS JOIN LATERAL (SELECT given.fact::jsonb #> '{predicate,urn:assay:facts:v1}' OFFSET 0) AS parsed(stated)
    ), turn AS MATERIALIZED (
      SELECT ledger.take_turn(keys, count(*)) AS numbers FROM ready
    ), numbered AS NOT MATERIALIZED (
      SELECT turn.numbers[ready.n] AS seq, ready.* FROM turn CROSS JOIN ready WHERE turn.numbers[ready.n] >= 0
    ), entries AS (
      INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest)
        SELECT seq, leaf, leaf_hash, content_digest FROM numbered
    ), known AS (
      INSERT INTO ledger.idem (idem_key, seq, content_digest)
        SELECT idem_key, seq, content_digest FROM numbered
    ), recorded AS (
      INSERT INTO ledger.fact (seq, statement, ${columns.join(', ')})
        SELECT seq, fact, ${columns.join(', ')} FROM numbered
    ), listed AS (
      INSERT INTO ledger.dispatch (seq, org_id, kind) SELECT seq, org_id, kind FROM numbered
    )
    SELECT turn.numbers INTO STRICT numbers FROM turn;
    IF -1 = ALL (numbers) THEN RETURN numbers; END IF;
    IF bodies IS NOT NULL THEN
      INSERT INTO ledger.body (seq, subject, org_id, ciphertext, key_id)
        SELECT numbers[n], b.subject, (facts[n]::jsonb #>> '{predicate,urn:assay:facts:v1,orgId}')::uuid,
               decode(b.ciphertext, 'base64'), b.key_id
        FROM unnest(bodies) WITH ORDINALITY AS given(list, n)
        CROSS JOIN jsonb_to_recordset(list::jsonb) AS b(subject text, ciphertext text, key_id uuid)
        WHERE list <> '[]' AND numbers[n] >= 0;
    END IF;
    UPDATE ledger.seqcoord SET next = (SELECT max(number) + 1 FROM unnest(numbers) AS number) WHERE id = 1;
    PERFORM pg_notify('assay_ledger', '');
    RETURN numbers;
  END $$;
`;

/**
 * The contract is that of CreateLedger. Plans are made once (`force_generic_plan`): those that depend on how many
 * records came were made anew at each call.
 */
const APPEND_BATCH = `
  CREATE OR REPLACE FUNCTION ledger.append_batch(leaves text, facts text, bodies text, keys bytea, digests bytea)
    RETURNS TABLE (ordinal integer, seq bigint, outcome text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan AS $$
  #variable_conflict use_column
  DECLARE
    leaf_lines text[] := string_to_array(leaves, chr(10));
    fact_lines text[] := string_to_array(facts, chr(10));
    body_lines text[] := string_to_array(bodies, chr(10));
    records integer := cardinality(leaf_lines);
    numbers bigint[];
  BEGIN
    IF records NOT BETWEEN 1 AND 1000 OR cardinality(fact_lines) <> records OR cardinality(body_lines) <> records
      OR octet_length(keys) <> records * 16 OR octet_length(digests) <> records * 32
    THEN RAISE EXCEPTION 'append_batch: counts disagree' USING ERRCODE = '22023'; END IF;
    IF EXISTS (SELECT FROM unnest(leaf_lines) AS line WHERE octet_length(line) NOT BETWEEN 1 AND 65535)
    THEN RAISE EXCEPTION 'append_batch: a leaf is 1 to 65535 bytes' USING ERRCODE = '22023'; END IF;
    IF ltrim(bodies, '[]' || chr(10)) = '' THEN body_lines := NULL; -- nobody's
    ELSE PERFORM ledger.hold_keys(body_lines); END IF;

    numbers := ledger.write_entries(leaf_lines, fact_lines, body_lines, keys, digests);
    IF NOT -1 = ANY (numbers) THEN
      RETURN QUERY SELECT 0, numbers[1], 'created'::text;
      RETURN;
    END IF;
    RETURN QUERY -- some key was known, or is twice in the batch
      SELECT i, known.seq, CASE
        WHEN numbers[i] >= 0 THEN 'created'
        WHEN known.content_digest = substr(digests, (i - 1) * 32 + 1, 32) THEN 'exists'
        ELSE 'conflict' END
      FROM generate_series(1, records) AS i
      JOIN ledger.idem AS known ON known.idem_key = substr(keys, (i - 1) * 16 + 1, 16)
      ORDER BY i;
  END $$;
`;

const GRANTS = `
  REVOKE ALL ON FUNCTION ledger.take_turn(bytea, bigint) FROM PUBLIC;
  REVOKE ALL ON FUNCTION ledger.write_entries(text[], text[], text[], bytea, bytea) FROM PUBLIC;
`;

/** Less work under the one lock that all appends wait for. See docs/adr/0013. */
export class ShortenAppendLock1795500001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const ddl of [PLAIN_STATEMENTS, TAKE_TURN, WRITE_ENTRIES, APPEND_BATCH, GRANTS])
      await runner.query(ddl);
  }

  /** The functions of before come back with SpeedUpAppend's text only: going back means a restore. */
  down(): Promise<void> {
    return Promise.reject(new Error('ShortenAppendLock is not undone: restore the backup made before it'));
  }
}
