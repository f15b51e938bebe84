import type { EntityManager } from 'typeorm';
import { sha256 } from '../../kernel/digest.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';

interface Row {
  readonly org: string;
  readonly what: 'policy' | 'checklist';
  readonly name: string;
  readonly digest: string;
  readonly document: string;
  /** Of a policy: which review it was published from is found by it. */
  readonly source: string | null;
  readonly activeWhenPublished: boolean;
}

/** Published policies and checklists: the document must have its digest, and the digest must be on record. */
export function policyCheck(manager: EntityManager): DomainCheck {
  const recorded: Recorded = new Map();
  return collecting(
    ({ seq, recorded: entry }) => {
      if (entry.kind !== 'policy.published' && entry.kind !== 'checklist.published') return;
      const needsActivation = entry.facts.details['needsActivation'] === true;
      for (const { name, digest } of entry.subjects)
        recorded.set(`${entry.orgId} ${name} ${digest}`, { seq, needsActivation });
    },
    async () => {
      const findings: Finding[] = [];
      for (const row of await manager.query<Row[]>(QUERY)) findings.push(...compare(recorded, row));
      for (const [key, { seq }] of recorded)
        findings.push({ what: 'policy', seq, detail: `${key.split(' ')[1] ?? key}: the row is missing` });
      return findings;
    },
  );
}

type Recorded = Map<string, { readonly seq: number; readonly needsActivation: boolean }>;

const QUERY = `
  SELECT 'policy' AS what, org_id AS org, policy_id || '@' || version AS name, digest, document,
         source_digest AS source, false AS "activeWhenPublished"
    FROM assay.policy_version
  UNION ALL
  SELECT 'checklist', org_id, chk_id || '@' || version, digest, document, NULL, active_when_published
    FROM assay.checklist_version`;

/** Of a document whose digest holds. */
const sourceOf = (document: string): unknown =>
  (JSON.parse(document) as { readonly source?: unknown }).source;

function compare(recorded: Recorded, row: Row): Finding[] {
  const { org, what, name, digest, document, source, activeWhenPublished } = row;
  const key = `${org} ${name} ${digest}`;
  const entry = recorded.get(key);
  recorded.delete(key);
  if (!entry) return [{ what: 'policy', detail: `${what} ${name}: no entry records ${digest}` }];
  const { seq, needsActivation } = entry;
  const faults: (readonly [boolean, string])[] = [
    [what === 'checklist' && activeWhenPublished === needsActivation, 'when it is in force was changed'],
    [sha256(document) !== digest, 'its document was changed'],
    [
      what === 'policy' && sha256(document) === digest && source !== sourceOf(document),
      'its source was changed',
    ],
  ];
  return faults
    .filter(([wrong]) => wrong)
    .map(([, detail]) => ({ what: 'policy', seq, detail: `${what} ${name}: ${detail}` }));
}
