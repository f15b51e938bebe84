import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A grant may say whose answers its holder needs too often for each to be an entry: authorisation questions, mostly. */
export class MarkUnrecordedPolicies1795700004200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE assay.access_grant ADD COLUMN unrecorded_policies text[]`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE assay.access_grant DROP COLUMN unrecorded_policies`);
  }
}
