import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Making the standing decisions anew (`assay standing rebuild`) takes rows away; the service itself may not. */
export class RebuildStanding1795830001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Rows of the read model that no entry tells of: nothing else can be taken away. Answers how many there were.
      CREATE FUNCTION assay.drop_untold_standing() RETURNS bigint
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
          WITH dropped AS (
            DELETE FROM assay.standing_decision d
             WHERE NOT EXISTS (SELECT FROM ledger.fact f
                WHERE f.kind = 'decision.recorded' AND f.org_id = d.org_id AND f.gate_id = d.gate_id
                  AND f.art_id = d.art_id AND f.artefact_digest = d.artefact_digest)
            RETURNING 1)
          SELECT count(*) FROM dropped
        $$;
      REVOKE ALL ON FUNCTION assay.drop_untold_standing() FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION assay.drop_untold_standing() TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION assay.drop_untold_standing()');
  }
}
