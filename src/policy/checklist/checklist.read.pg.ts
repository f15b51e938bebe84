import type { EntityManager } from 'typeorm';
import { sharedLookUp } from '../../kernel/gathering.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { Standing } from './activation.js';
import {
  ACTIVATION_COLUMNS,
  activationFrom,
  checklistFrom,
  STANDING,
  standingFrom,
  VERSION_COLUMNS,
  type ActivationRow,
  type StandingRow,
  type VersionRow,
} from './row.read.pg.js';
import type { ChecklistVersion } from './checklist.js';
import type { ChecklistFilter, ChecklistRead, RecordedActivation } from './checklist.read.js';

/** $1 organisation, $2 checklist or null, $3 only what is in force. */
const MATCHES = `v.org_id = $1 AND ($2::text IS NULL OR v.chk_id = $2) AND (NOT $3::boolean OR v.version =
  coalesce((SELECT a.version FROM assay.checklist_activation a WHERE a.org_id = $1 AND a.chk_id = v.chk_id
             ORDER BY a.activation DESC LIMIT 1),
           (SELECT max(w.version) FROM assay.checklist_version w
             WHERE w.org_id = $1 AND w.chk_id = v.chk_id AND w.active_when_published)))`;

export class PgChecklistRead implements ChecklistRead {
  private readonly standingOf = sharedLookUp(
    ({ orgId, chkId }: { orgId: string; chkId: string }) => `${orgId} ${chkId}`,
    async ({ orgId, chkId }) => {
      const [row] = await this.manager.query<StandingRow[]>(STANDING, [orgId, chkId]);
      return standingFrom(row);
    },
  );

  constructor(private readonly manager: EntityManager) {}

  standing(orgId: string, chkId: string): Promise<Standing> {
    return this.standingOf({ orgId, chkId });
  }

  async versions(
    orgId: string,
    { chkId, active = false }: ChecklistFilter,
    page: PageRequest,
  ): Promise<Result<Page<ChecklistVersion>, InvalidCursor>> {
    const after = page.after === undefined ? undefined : versionCursor(page.after);
    if (page.after !== undefined && !after) return failed({ kind: 'InvalidCursor', given: page.after });
    const matching = [orgId, chkId ?? null, active];
    const first = sizeOf(page);
    const rows = await this.manager.query<VersionRow[]>(
      `SELECT ${VERSION_COLUMNS} FROM assay.checklist_version v
        WHERE ${MATCHES} AND ($4::text IS NULL OR (v.chk_id, -v.version) > ($4 COLLATE "C", -$5::integer))
        ORDER BY v.chk_id COLLATE "C", v.version DESC LIMIT $6`,
      [...matching, after?.chkId ?? null, after?.version ?? null, first + 1],
    );
    const totalCount = await this.count(`assay.checklist_version v WHERE ${MATCHES}`, matching);
    return ok(
      pageOf(rows, {
        first,
        totalCount,
        read: checklistFrom,
        cursor: ({ document }) => `${document.chkId} ${document.version}`,
      }),
    );
  }

  async activations(
    orgId: string,
    chkId: string,
    page: PageRequest,
  ): Promise<Result<Page<RecordedActivation>, InvalidCursor>> {
    const after = page.after === undefined ? undefined : /^\d{1,9}$/.exec(decode(page.after))?.[0];
    if (page.after !== undefined && after === undefined)
      return failed({ kind: 'InvalidCursor', given: page.after });
    const first = sizeOf(page);
    const rows = await this.manager.query<ActivationRow[]>(
      `SELECT ${ACTIVATION_COLUMNS} FROM assay.checklist_activation
        WHERE org_id = $1 AND chk_id = $2 AND ($3::integer IS NULL OR activation < $3)
        ORDER BY activation DESC LIMIT $4`,
      [orgId, chkId, after ?? null, first + 1],
    );
    const totalCount = await this.count(`assay.checklist_activation WHERE org_id = $1 AND chk_id = $2`, [
      orgId,
      chkId,
    ]);
    return ok(
      pageOf(rows, {
        first,
        totalCount,
        read: (row) => ({ ...activationFrom(row), entryKey: row.entryKey }),
        cursor: ({ number }) => String(number),
      }),
    );
  }

  private async count(from: string, parameters: unknown[]): Promise<number> {
    const [row] = await this.manager.query<{ count: string }[]>(`SELECT count(*) FROM ${from}`, parameters);
    return Number(row?.count ?? 0);
  }
}

const sizeOf = ({ first }: PageRequest): number => Math.min(Math.max(first, 0), MAX_PAGE_SIZE);

/** One row more than the page has was asked for: it says whether there is a next one. */
function pageOf<Row, T>(
  rows: readonly Row[],
  as: { first: number; totalCount: number; read: (row: Row) => T; cursor: (item: T) => string },
): Page<T> {
  const items = rows.slice(0, as.first).map(as.read);
  const last = items.at(-1);
  return {
    items,
    totalCount: as.totalCount,
    endCursor: last === undefined ? null : Buffer.from(as.cursor(last)).toString('base64url'),
    hasNextPage: rows.length > as.first,
  };
}

const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

function versionCursor(cursor: string): { chkId: string; version: number } | undefined {
  const match = /^(CHK_[A-Z0-9_-]{1,63}) (\d{1,9})$/.exec(decode(cursor));
  return match?.[1] !== undefined ? { chkId: match[1], version: Number(match[2]) } : undefined;
}
