import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The entry of somebody whom an administrator let in has two bodies, the name and the administrator's reason. The
 * function took either for the person's and refused where it was the wrong one: who was added over the API could be
 * erased by chance only. Nobody adds themselves: the reason is the entry's actor's, the other body the person's.
 */
export class EraseWhoeverWasAdded1795820001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      erasePerson(`
      SELECT b.subject INTO pseudonym FROM assay.principal p
        JOIN ledger.idem i ON i.idem_key = p.entry_key
        JOIN ledger.fact f ON f.seq = i.seq JOIN ledger.body b ON b.seq = i.seq
        WHERE p.principal_id = person AND p.org_id = org AND b.org_id = org AND b.subject <> f.actor;`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      erasePerson(`
      SELECT b.subject INTO pseudonym FROM assay.principal p
        JOIN ledger.idem i ON i.idem_key = p.entry_key JOIN ledger.body b ON b.seq = i.seq
        WHERE p.principal_id = person AND p.org_id = org AND b.org_id = org;`),
    );
  }
}

/** As AddErasure made it, but for how it finds the pseudonym. */
const erasePerson = (findPseudonym: string): string => `
  CREATE OR REPLACE FUNCTION ledger.erase_person(org uuid, person uuid, leaf text, fact text, bodies text, key bytea,
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
      -- The entry that added the principal names the person's pseudonym, which we could not compute.${findPseudonym}
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
