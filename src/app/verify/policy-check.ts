import type { EntityManager } from 'typeorm';
import { sha256 } from '../../kernel/digest.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';

interface Row {
  readonly what: 'policy' | 'checklist';
  readonly name: string;
  readonly digest: string;
  readonly document: string;
}

/** Published policies and checklists: the document must have its digest, and the digest must be on record. */
export const policyCheck =
  (manager: EntityManager): DomainCheck =>
  async (entries) => {
    const recorded = new Map<string, number>();
    for await (const { seq, recorded: entry } of entries)
      if (entry.kind === 'policy.published' || entry.kind === 'checklist.published')
        for (const { name, digest } of entry.subjects) recorded.set(`${entry.orgId} ${name} ${digest}`, seq);

    const rows = await manager.query<(Row & { org: string })[]>(
      `SELECT 'policy' AS what, org_id AS org, policy_id || '@' || version AS name, digest, document
         FROM assay.policy_version
       UNION ALL
       SELECT 'checklist', org_id, chk_id || '@' || version, digest, document FROM assay.checklist_version`,
    );
    const findings: Finding[] = [];
    for (const { org, what, name, digest, document } of rows) {
      const key = `${org} ${name} ${digest}`;
      const seq = recorded.get(key);
      recorded.delete(key);
      if (seq === undefined)
        findings.push({ what: 'policy', detail: `${what} ${name}: no entry records ${digest}` });
      else if (sha256(document) !== digest)
        findings.push({ what: 'policy', seq, detail: `${what} ${name}: its document was changed` });
    }
    for (const [key, seq] of recorded)
      findings.push({ what: 'policy', seq, detail: `${key.split(' ')[1] ?? key}: the row is missing` });
    return findings;
  };
