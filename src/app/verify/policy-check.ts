import type { EntityManager } from 'typeorm';
import { sha256 } from '../../kernel/digest.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';

interface Row {
  readonly what: 'policy' | 'checklist';
  readonly name: string;
  readonly digest: string;
  readonly document: string;
  readonly activeWhenPublished: boolean;
}

/** Published policies and checklists: the document must have its digest, and the digest must be on record. */
export const policyCheck =
  (manager: EntityManager): DomainCheck =>
  async (entries) => {
    const recorded = new Map<string, { seq: number; needsActivation: boolean }>();
    for await (const { seq, recorded: entry } of entries)
      if (entry.kind === 'policy.published' || entry.kind === 'checklist.published')
        for (const { name, digest } of entry.subjects)
          recorded.set(`${entry.orgId} ${name} ${digest}`, {
            seq,
            needsActivation: entry.facts.details['needsActivation'] === true,
          });

    const rows = await manager.query<(Row & { org: string })[]>(
      `SELECT 'policy' AS what, org_id AS org, policy_id || '@' || version AS name, digest, document,
              false AS "activeWhenPublished"
         FROM assay.policy_version
       UNION ALL
       SELECT 'checklist', org_id, chk_id || '@' || version, digest, document, active_when_published
         FROM assay.checklist_version`,
    );
    const findings: Finding[] = [];
    for (const { org, what, name, digest, document, activeWhenPublished } of rows) {
      const key = `${org} ${name} ${digest}`;
      const entry = recorded.get(key);
      recorded.delete(key);
      if (!entry) {
        findings.push({ what: 'policy', detail: `${what} ${name}: no entry records ${digest}` });
        continue;
      }
      const { seq, needsActivation } = entry;
      if (what === 'checklist' && activeWhenPublished === needsActivation)
        findings.push({ what: 'policy', seq, detail: `${what} ${name}: when it is in force was changed` });
      if (sha256(document) !== digest)
        findings.push({ what: 'policy', seq, detail: `${what} ${name}: its document was changed` });
    }
    for (const [key, { seq }] of recorded)
      findings.push({ what: 'policy', seq, detail: `${key.split(' ')[1] ?? key}: the row is missing` });
    return findings;
  };
