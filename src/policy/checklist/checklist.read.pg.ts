import type { EntityManager } from 'typeorm';
import { countingSql, countMatching } from '../../kernel/count-matching.js';
import { OneByOne, type LookUps } from '../../kernel/look-ups.js';
import { pageOf, pageSize, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
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
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async standing(orgId: string, chkId: string): Promise<Standing> {
    const [row] = await this.lookUps.rows<StandingRow>({
      sql: STANDING,
      types: ['text'],
      parameters: [orgId, chkId],
    });
    return standingFrom(row);
  }

  async versions(
    orgId: string,
    { chkId, active = false }: ChecklistFilter,
    page: PageRequest,
  ): Promise<Result<Page<ChecklistVersion>, InvalidCursor>> {
    const after = page.after === undefined ? undefined : versionCursor(page.after);
    if (page.after !== undefined && !after) return failed({ kind: 'InvalidCursor', given: page.after });
    const matching = [orgId, chkId ?? null, active];
    const first = pageSize(page);
    const rows = await this.manager.query<VersionRow[]>(
      `SELECT ${VERSION_COLUMNS} FROM assay.checklist_version v
        WHERE ${MATCHES} AND ($4::text IS NULL OR (v.chk_id, -v.version) > ($4 COLLATE "C", -$5::integer))
        ORDER BY v.chk_id COLLATE "C", v.version DESC LIMIT $6`,
      [...matching, after?.chkId ?? null, after?.version ?? null, first + 1],
    );
    const totalCount = await countMatching(
      this.manager,
      `assay.checklist_version v WHERE ${MATCHES}`,
      matching,
    );
    return ok(
      pageOf(rows.map(checklistFrom), { first, totalCount }, ({ document }) =>
        encode(`${document.chkId} ${document.version}`),
      ),
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
    const first = pageSize(page);
    const rows = await this.lookUps.rows<ActivationRow>({
      sql: `SELECT ${ACTIVATION_COLUMNS} FROM assay.checklist_activation
        WHERE org_id = $1 AND chk_id = $2 AND ($3::integer IS NULL OR activation < $3)
        ORDER BY activation DESC LIMIT $4`,
      types: ['text', 'integer', 'same'],
      parameters: [orgId, chkId, after ?? null, first + 1],
    });
    const [counted] = await this.lookUps.rows<{ count: string }>({
      sql: countingSql('assay.checklist_activation WHERE org_id = $1 AND chk_id = $2'),
      types: ['text'],
      parameters: [orgId, chkId],
    });
    const totalCount = Number(counted?.count ?? 0);
    return ok(
      pageOf(
        rows.map((row) => ({ ...activationFrom(row), entryKey: row.entryKey })),
        { first, totalCount },
        ({ number }) => encode(String(number)),
      ),
    );
  }
}

const encode = (cursor: string): string => Buffer.from(cursor).toString('base64url');
const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

function versionCursor(cursor: string): { chkId: string; version: number } | undefined {
  const match = /^(CHK_[A-Z0-9_-]{1,63}) (\d{1,9})$/.exec(decode(cursor));
  return match?.[1] !== undefined ? { chkId: match[1], version: Number(match[2]) } : undefined;
}
