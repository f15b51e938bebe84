import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How often a principal asked in this minute and the one before, counted over all replicas. Unlogged: it is no fact, it
 * is worth nothing after a crash, and a row that is written for each request must not wait for the disk.
 */
export class CountRequests1795700004100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE assay.rate_window (
        principal_id uuid NOT NULL,
        org_id uuid NOT NULL,
        began_at timestamptz NOT NULL,     -- a whole minute of the database's clock
        used bigint NOT NULL,
        previous bigint NOT NULL,          -- used in the minute before
        taken boolean NOT NULL,            -- whether the latest request was let through
        CONSTRAINT rate_window_pk PRIMARY KEY (principal_id)
      ) WITH (fillfactor = 50);            -- updated in place, many times a minute

      GRANT SELECT, INSERT, UPDATE ON assay.rate_window TO assay_service;
      GRANT SELECT ON assay.rate_window TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE assay.rate_window`);
  }
}
