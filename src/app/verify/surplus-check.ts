import type { EntityManager } from 'typeorm';
import type { CheckedPart, DomainCheck, Finding } from '../../ledger/verify.js';

interface Surplus {
  readonly what: CheckedPart;
  /** SQL: `name` of each row that there must not be. */
  readonly query: string;
  readonly detail: string;
}

/** Named at most, of each: whoever put in a million rows is told of these. */
const NAMED = 100;

const SURPLUS: readonly Surplus[] = [
  {
    what: 'artefact',
    query: `SELECT 'artefact ' || a.org_id || ' ' || a.art_id AS name FROM assay.artefact a
             WHERE NOT EXISTS (SELECT FROM assay.artefact_version v WHERE v.org_id = a.org_id AND v.art_id = a.art_id)`,
    detail: 'no version of it was registered',
  },
  {
    // A partial tile stays until the full one is there, so only what lies beyond the tree is one too many.
    what: 'tile',
    query: `SELECT 'tile ' || t.level || '/' || t.idx || '.p/' || t.width AS name
              FROM ledger.tile t CROSS JOIN (SELECT size FROM ledger.intcoord WHERE id = 1) i
             WHERE t.level < 0 OR t.level > 7 OR t.idx < 0 OR t.width NOT BETWEEN 1 AND 256
                OR t.idx * 256 + t.width > i.size >> least(8 * t.level, 63)`,
    detail: 'a tree of this size has no such tile',
  },
  {
    what: 'coordinator',
    query: `SELECT 'seqcoord ' || id AS name FROM ledger.seqcoord WHERE id <> 1
            UNION ALL SELECT 'intcoord ' || id FROM ledger.intcoord WHERE id <> 1`,
    detail: 'there is one row of these',
  },
  {
    // Of the living the bodies are opened; of the erased nothing is left to open.
    what: 'body',
    query: `SELECT 'body ' || b.seq || ' ' || b.subject AS name FROM ledger.body b
             WHERE NOT EXISTS (SELECT FROM ledger.subject_key k
                                WHERE k.key_id = b.key_id AND k.org_id = b.org_id AND k.subject = b.subject)`,
    detail: 'the row of its key is missing',
  },
];

/** Rows that nothing in the ledger accounts for, and that no check comes across which begins with an entry. */
export const surplusCheck = (manager: EntityManager): DomainCheck => ({
  standsAlone: false,
  read: () => Promise.resolve([]),
  finish: async () => {
    const findings: Finding[] = [];
    for (const { what, query, detail } of SURPLUS) {
      const rows = await manager.query<{ name: string }[]>(`${query} LIMIT ${String(NAMED)}`);
      findings.push(...rows.map(({ name }) => ({ what, detail: `${name}: ${detail}` })));
    }
    return findings;
  },
});
