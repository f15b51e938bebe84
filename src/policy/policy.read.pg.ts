import type { EntityManager } from 'typeorm';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { OneByOne, type LookUps, type ParameterType } from '../kernel/look-ups.js';
import { checklistDocumentShape, type ChecklistVersion } from './checklist/checklist.js';
import { policyDocumentShape, type PolicyVersion } from './policy-version.js';
import type { PolicyRead } from './policy.read.js';

interface Row {
  readonly digest: string;
  readonly document: string;
  readonly publishedAt: Date;
}

const COLUMNS = `digest, document, published_at AS "publishedAt"`;

export class PgPolicyRead implements PolicyRead {
  constructor(
    manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async policies(orgId: string): Promise<readonly PolicyVersion[]> {
    return this.policyRows(`WHERE org_id = $1 ORDER BY published_at DESC, policy_id`, [orgId]);
  }

  async policy(orgId: string, policyId: string, version: string): Promise<PolicyVersion | undefined> {
    const found = await this.policyRows(
      `WHERE org_id = $1 AND policy_id = $2 AND version = $3`,
      [orgId, policyId, version],
      ['text', 'text'],
    );
    return found[0];
  }

  async byDigests(orgId: string, digests: readonly Digest[]): Promise<readonly PolicyVersion[]> {
    return this.policyRows(`WHERE org_id = $1 AND digest = ANY($2)`, [orgId, digests], ['same']);
  }

  async checklist(orgId: string, chkId: string, version?: number): Promise<ChecklistVersion | undefined> {
    const found = await this.checklistRows(
      `WHERE org_id = $1 AND chk_id = $2 AND ($3::integer IS NULL OR version = $3) ORDER BY version DESC LIMIT 1`,
      [orgId, chkId, version ?? null],
      ['text', 'integer'],
    );
    return found[0];
  }

  async checklists(orgId: string): Promise<readonly ChecklistVersion[]> {
    return this.checklistRows(`WHERE org_id = $1 ORDER BY chk_id, version DESC`, [orgId]);
  }

  private async policyRows(
    where: string,
    parameters: readonly unknown[],
    types: readonly ParameterType[] = [],
  ): Promise<PolicyVersion[]> {
    const sql = `SELECT ${COLUMNS} FROM assay.policy_version ${where}`;
    const rows = await this.lookUps.rows<Row>({ sql, types, parameters });
    return rows.map((row) => ({
      ...common(row),
      document: policyDocumentShape.parse(JSON.parse(row.document)),
    }));
  }

  private async checklistRows(
    where: string,
    parameters: readonly unknown[],
    types: readonly ParameterType[] = [],
  ): Promise<ChecklistVersion[]> {
    const sql = `SELECT ${COLUMNS} FROM assay.checklist_version ${where}`;
    const rows = await this.lookUps.rows<Row>({ sql, types, parameters });
    return rows.map((row) => ({
      ...common(row),
      document: checklistDocumentShape.parse(JSON.parse(row.document)),
    }));
  }
}

const common = (row: Row) => ({ digest: digestFrom(row.digest), publishedAt: row.publishedAt.getTime() });
