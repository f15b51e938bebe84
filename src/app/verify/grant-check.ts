import { z } from 'zod';
import type { EntityManager } from 'typeorm';
import type { DomainCheck, Finding } from '../../ledger/verify.js';

const grantFacts = z.object({ grantId: z.string(), role: z.string() });

/** Every grant in force must have been given on record, with the same role; none may have vanished. */
export const grantCheck =
  (manager: EntityManager): DomainCheck =>
  async (entries) => {
    const given = new Map<string, { seq: number; role: string }>();
    for await (const { seq, recorded } of entries)
      if (recorded.kind === 'grant.given') {
        const { grantId, role } = grantFacts.parse(recorded.facts.details);
        given.set(grantId, { seq, role });
      }

    const rows = await manager.query<{ grantId: string; role: string }[]>(
      `SELECT grant_id AS "grantId", access_role AS role FROM assay.access_grant`,
    );
    const findings: Finding[] = [];
    for (const { grantId, role } of rows) {
      const entry = given.get(grantId);
      given.delete(grantId);
      if (entry?.role === role) continue;
      const detail = entry
        ? `grant ${grantId}: the role was changed to ${role}`
        : `grant ${grantId}: no entry records it`;
      findings.push({ what: 'grant', ...(entry ? { seq: entry.seq } : {}), detail });
    }
    for (const [grantId, { seq }] of given)
      findings.push({ what: 'grant', seq, detail: `grant ${grantId}: the row is missing` });
    return findings;
  };
