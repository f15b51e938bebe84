import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filter columns of ledger.fact, in their order: column, type, member of the statement's facts, constraint. */
const FACT_COLUMNS: readonly (readonly [column: string, type: string, member: string, constraint: string])[] =
  [
    ['org_id', 'uuid', 'orgId', 'NOT NULL'],
    ['kind', 'text', 'kind', 'NOT NULL'],
    ['actor', 'text', 'actor', 'NOT NULL'],
    ['ts_start', 'text', 'tsStart', 'NOT NULL'],
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
const columns = FACT_COLUMNS.map(([column]) => column);

/**
 * 14 generated columns parsed every statement 14 times: 139 ms per 500 rows. Stored by the only function that may
 * write them, the statement is parsed once: 30 ms. What protects them now is that function's monopoly and the
 * verifier, which compares each with the signed statement; before, a superuser could not change them alone.
 * Existing rows keep their values and nothing is rewritten.
 */
const PLAIN_COLUMNS = `
  ALTER TABLE ledger.fact ${columns.map((column) => `ALTER COLUMN ${column} DROP EXPRESSION`).join(', ')};
`;

/**
 * Writes records from \`base\` on; all their keys are new. Called by append_batch only, under the sequence lock.
 * No table is joined that grows: a plan that was cached while it was small would scan it for ever.
 */
const WRITE_ENTRIES = `
  DROP FUNCTION ledger.write_entries(bigint, integer[], text[], text[], text[], bytea, bytea);
  CREATE FUNCTION ledger.write_entries(base bigint, leaves text[], facts text[], bodies text[], keys bytea,
    digests bytea) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest)
      SELECT base + n - 1, leaf, sha256(decode('00', 'hex') || convert_to(leaf, 'UTF8')),
             substr(digests, (n::integer - 1) * 32 + 1, 32)
      FROM unnest(leaves) WITH ORDINALITY AS given(leaf, n);
    INSERT INTO ledger.idem (idem_key, seq, content_digest)
      SELECT substr(keys, (n - 1) * 16 + 1, 16), base + n - 1, substr(digests, (n - 1) * 32 + 1, 32)
      FROM generate_series(1, cardinality(leaves)) AS n;
    WITH parsed AS MATERIALIZED ( -- once for all columns
      SELECT base + n - 1 AS seq, line, line::jsonb #> '{predicate,urn:assay:facts:v1}' AS stated
      FROM unnest(facts) WITH ORDINALITY AS given(line, n)
    ), written AS (
      INSERT INTO ledger.fact (seq, statement, ${columns.join(', ')})
        SELECT seq, line, ${FACT_COLUMNS.map(([, type, member]) =>
          type === 'jsonb' ? `stated -> '${member}'` : `(stated ->> '${member}')::${type}`,
        ).join(', ')}
        FROM parsed
      RETURNING seq, org_id, kind
    ), listed AS (
      INSERT INTO ledger.dispatch (seq, org_id, kind) SELECT seq, org_id, kind FROM written
    )
    INSERT INTO ledger.body (seq, subject, org_id, ciphertext, key_id)
      SELECT base + n - 1, b.subject, (facts[n]::jsonb #>> '{predicate,urn:assay:facts:v1,orgId}')::uuid,
             decode(b.ciphertext, 'base64'), b.key_id
      FROM unnest(bodies) WITH ORDINALITY AS given(list, n)
      CROSS JOIN jsonb_to_recordset(list::jsonb) AS b(subject text, ciphertext text, key_id uuid)
      WHERE list <> '[]';
    UPDATE ledger.seqcoord SET next = base + cardinality(leaves) WHERE id = 1;
  END $$;
`;

/**
 * Replicas remember people's wrapped keys. Whatever they remember, nothing new is sealed with a key that was
 * destroyed: the row is locked until commit, so an erasure either came before, and this is a serialisation
 * failure to try again with the person's next key, or comes after, and finds the body. Locked before the
 * sequence, which is the order of an erasure too.
 */
const HOLD_KEYS = `
  CREATE FUNCTION ledger.hold_keys(bodies text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    used record;
  BEGIN
    FOR used IN
      SELECT DISTINCT b.key_id, b.subject FROM unnest(bodies) AS list
      CROSS JOIN jsonb_to_recordset(list::jsonb) AS b(subject text, key_id uuid)
      WHERE list <> '[]' ORDER BY 1, 2
    LOOP
      PERFORM FROM ledger.subject_key k
        WHERE k.key_id = used.key_id AND k.subject = used.subject AND k.destroyed_at IS NULL FOR SHARE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the data key % is destroyed', used.key_id USING ERRCODE = '40001';
      END IF;
    END LOOP;
  END $$;
`;

/**
 * The contract is that of CreateLedger. New: known keys are looked up under the sequence lock instead of provoked
 * as unique violations, which costs no sub-transaction; and one NOTIFY (PostgreSQL sends equal ones of a
 * transaction once). \`enable_seqscan = off\`: the look-up must not keep a plan made when idem was empty.
 */
const APPEND_BATCH = `
  CREATE OR REPLACE FUNCTION ledger.append_batch(leaves text, facts text, bodies text, keys bytea, digests bytea)
    RETURNS TABLE (ordinal integer, seq bigint, outcome text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' SET enable_seqscan = off AS $$
  #variable_conflict use_column
  DECLARE
    leaf_lines text[] := string_to_array(leaves, chr(10));
    fact_lines text[] := string_to_array(facts, chr(10));
    body_lines text[] := string_to_array(bodies, chr(10));
    records integer := cardinality(leaf_lines);
    base bigint;
    fresh integer[];
  BEGIN
    IF records NOT BETWEEN 1 AND 1000 OR cardinality(fact_lines) <> records OR cardinality(body_lines) <> records
      OR octet_length(keys) <> records * 16 OR octet_length(digests) <> records * 32
    THEN RAISE EXCEPTION 'append_batch: counts disagree' USING ERRCODE = '22023'; END IF;
    IF EXISTS (SELECT FROM unnest(leaf_lines) AS line WHERE octet_length(line) NOT BETWEEN 1 AND 65535)
    THEN RAISE EXCEPTION 'append_batch: a leaf is 1 to 65535 bytes' USING ERRCODE = '22023'; END IF;
    IF ltrim(bodies, '[]' || chr(10)) <> '' THEN PERFORM ledger.hold_keys(body_lines); END IF;

    SELECT next INTO STRICT base FROM ledger.seqcoord WHERE id = 1 FOR UPDATE; -- kept until COMMIT

    -- A new statement, hence a snapshot taken after the lock wait: nobody adds a key until we commit.
    fresh := ARRAY(
      SELECT min(i) FROM (
        SELECT i, substr(keys, (i - 1) * 16 + 1, 16) AS key FROM generate_series(1, records) AS i OFFSET 0
      ) AS given
      WHERE (SELECT known.seq FROM ledger.idem AS known WHERE known.idem_key = given.key) IS NULL
      GROUP BY key ORDER BY 1);
    IF cardinality(fresh) = records THEN -- every key is new
      PERFORM ledger.write_entries(base, leaf_lines, fact_lines, body_lines, keys, digests);
      PERFORM pg_notify('assay_ledger', '');
      RETURN QUERY SELECT 0, base, 'created'::text;
      RETURN;
    END IF;

    -- Some key is known, or twice in the batch.
    IF cardinality(fresh) > 0 THEN
      PERFORM ledger.write_entries(base,
        array_agg(leaf_lines[i] ORDER BY i), array_agg(fact_lines[i] ORDER BY i), array_agg(body_lines[i] ORDER BY i),
        string_agg(substr(keys, (i - 1) * 16 + 1, 16), '' ORDER BY i),
        string_agg(substr(digests, (i - 1) * 32 + 1, 32), '' ORDER BY i))
        FROM unnest(fresh) AS i;
      PERFORM pg_notify('assay_ledger', '');
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

/** living_key for many people in one round trip. living_key stays while replicas of the last version run. */
const LIVING_KEYS = `
  CREATE FUNCTION ledger.living_keys(orgs uuid[], persons text[], offered_ids uuid[], offered_keys bytea[])
    RETURNS TABLE (org_id uuid, subject text, key_id uuid, wrapped_key bytea)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  #variable_conflict use_column
  DECLARE
    found integer;
  BEGIN
    INSERT INTO ledger.subject_key (key_id, org_id, subject, wrapped_key)
      SELECT id, org, person, key FROM unnest(orgs, persons, offered_ids, offered_keys) AS o(org, person, id, key)
      ORDER BY org, person -- one order for all callers: who offers for the same people waits, and does not deadlock
      ON CONFLICT (org_id, subject) WHERE destroyed_at IS NULL DO NOTHING;
    RETURN QUERY SELECT k.org_id, k.subject, k.key_id, k.wrapped_key
      FROM unnest(orgs, persons) AS o(org, person)
      JOIN ledger.subject_key k ON k.org_id = o.org AND k.subject = o.person AND k.destroyed_at IS NULL;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> cardinality(persons) THEN -- erased between the two statements
      RAISE EXCEPTION 'a data key was destroyed meanwhile' USING ERRCODE = '40001';
    END IF;
  END $$;
`;

const GRANTS = `
  REVOKE ALL ON FUNCTION ledger.write_entries(bigint, text[], text[], text[], bytea, bytea) FROM PUBLIC;
  REVOKE ALL ON FUNCTION ledger.hold_keys(text[]) FROM PUBLIC;
  REVOKE ALL ON FUNCTION ledger.living_keys(uuid[], text[], uuid[], bytea[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ledger.living_keys(uuid[], text[], uuid[], bytea[]) TO assay_service;
`;

/** Appending in groups, at five times the speed. See docs/adr/0013. */
export class SpeedUpAppend1795400001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const ddl of [PLAIN_COLUMNS, WRITE_ENTRIES, HOLD_KEYS, APPEND_BATCH, LIVING_KEYS, GRANTS])
      await runner.query(ddl);
  }

  /** The functions of before come back with CreateLedger's text only: going back means a restore. */
  down(): Promise<void> {
    return Promise.reject(new Error('SpeedUpAppend is not undone: restore the backup made before it'));
  }
}
