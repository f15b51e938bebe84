import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The cosignatures of a checkpoint come after it, once. */
const ONLY_COSIGNING = `
  CREATE FUNCTION ledger.refuse_all_but_cosigning() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.cosigned IS NULL AND NEW.cosigned IS NOT NULL
      AND (NEW.size, NEW.root, NEW.note, NEW.created) = (OLD.size, OLD.root, OLD.note, OLD.created)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
      USING ERRCODE = '42501';
  END $$;
  REVOKE ALL ON FUNCTION ledger.refuse_all_but_cosigning() FROM PUBLIC;
`;

const guardedBy = (trigger: string): string => `
  DROP TRIGGER checkpoint_immutable ON ledger.checkpoint;
  CREATE TRIGGER checkpoint_immutable BEFORE UPDATE OR DELETE ON ledger.checkpoint
    FOR EACH ROW EXECUTE FUNCTION ${trigger};
  ALTER TABLE ledger.checkpoint ENABLE ALWAYS TRIGGER checkpoint_immutable;
`;

/**
 * Checkpoints that witnesses cosigned, logs that were continued after a restore, and whether the integrator
 * refuses to sign, for those who watch.
 */
export class AddWitnesses1795400002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${ONLY_COSIGNING}
      ${guardedBy('ledger.refuse_all_but_cosigning()')}
      GRANT UPDATE (cosigned) ON ledger.checkpoint TO assay_integrator;
      CREATE INDEX checkpoint_cosigned_idx ON ledger.checkpoint (size) WHERE cosigned IS NOT NULL; -- the one published

      -- All that the integrator may see of statements: it must know which log this one continues.
      CREATE INDEX fact_continued_idx ON ledger.fact (seq) WHERE kind = 'log.continued';
      CREATE VIEW ledger.continuation AS
        SELECT f.seq, e.leaf, f.statement FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq
        WHERE f.kind = 'log.continued';
      GRANT SELECT ON ledger.continuation TO assay_integrator, assay_service;

      -- Not evidence: what a metric shows. Empty while the integrator signs.
      CREATE TABLE ledger.signing (
        id integer NOT NULL,
        refused_at timestamptz,
        problem text,
        CONSTRAINT signing_pk PRIMARY KEY (id),
        CONSTRAINT signing_one_row CHECK (id = 1),
        CONSTRAINT signing_refused_is_explained CHECK ((refused_at IS NULL) = (problem IS NULL))
      ) WITH (fillfactor = 10);
      INSERT INTO ledger.signing VALUES (1, NULL, NULL);
      GRANT SELECT, UPDATE ON ledger.signing TO assay_integrator;
      GRANT SELECT ON ledger.signing TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ledger.signing;
      DROP VIEW ledger.continuation;
      DROP INDEX ledger.fact_continued_idx;
      DROP INDEX ledger.checkpoint_cosigned_idx;
      REVOKE UPDATE (cosigned) ON ledger.checkpoint FROM assay_integrator;
      ${guardedBy('assay.refuse_change()')}
      DROP FUNCTION ledger.refuse_all_but_cosigning();
    `);
  }
}
