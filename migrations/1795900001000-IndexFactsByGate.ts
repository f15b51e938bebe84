import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger is asked for the entries of one gate, or of one case, newest first. Without these, a gate that few
 * entries name was looked for in all of them, and to count those of a gate read each entry's statement. Decisions are
 * listed in the ledger's order: their own index by time has no reader any more.
 */
export class IndexFactsByGate1795900001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX fact_gate_idx ON ledger.fact (org_id, gate_id, seq) WHERE gate_id IS NOT NULL; -- what happened at a gate
      CREATE INDEX fact_case_idx ON ledger.fact (org_id, case_id, seq) WHERE case_id IS NOT NULL; -- the story of a case
      DROP INDEX assay.decision_newest_idx`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX decision_newest_idx ON assay.decision (org_id, decided_at, decision_id);
      DROP INDEX ledger.fact_gate_idx;
      DROP INDEX ledger.fact_case_idx`);
  }
}
