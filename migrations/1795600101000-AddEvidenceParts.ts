import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Evidence in parts, how it was compressed, and which tools made it: all that custody says of a file. Nothing of
 * what is there changes; what is not known of it is null, or an empty list.
 */
export class AddEvidenceParts1795600101000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.evidence
        ADD COLUMN encoding text,     -- of the bytes as received; null when they were not compressed
        ADD COLUMN part_set text,     -- with the two below: which part of which set, or all null
        ADD COLUMN part_number integer,
        ADD COLUMN part_of integer,
        ADD CONSTRAINT evidence_encoding_known CHECK (encoding IN ('gzip', 'deflate', 'br', 'zstd')),
        ADD CONSTRAINT evidence_part_whole CHECK (
          num_nulls(part_set, part_number, part_of) = 3
          OR (num_nulls(part_set, part_number, part_of) = 0 AND part_number BETWEEN 1 AND part_of));

      CREATE INDEX evidence_received_idx ON assay.evidence (org_id, received_digest); -- evidence handed in again

      ALTER TABLE assay.evidence_report
        ADD COLUMN tools jsonb NOT NULL DEFAULT '[]'; -- as its entry says
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.evidence_report DROP COLUMN tools;
      DROP INDEX assay.evidence_received_idx;
      ALTER TABLE assay.evidence
        DROP CONSTRAINT evidence_part_whole,
        DROP CONSTRAINT evidence_encoding_known,
        DROP COLUMN part_of, DROP COLUMN part_number, DROP COLUMN part_set, DROP COLUMN encoding;
    `);
  }
}
