import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
import type { LookUps } from '../kernel/look-ups.js';
import { pageOf, pageSize, type InvalidCursor, type Page, type PageRequest } from '../kernel/page.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { FIX_TASKS } from './fix-task.js';
import type { FixTaskRecord } from './fix-task.service.js';
import type { FixTaskFilter, ProcessRead, RelationEnd, Rework, WorkItemFilter } from './process.read.js';
import { PgRecordStore, selectRecords } from './record.store.pg.js';
import { ARTEFACT_RELATIONS, type Relation } from './relation.js';
import { TEMPLATES, type Template } from './template.js';
import { WORK_ITEMS, type WorkItem } from './work-item.js';

/** Of the versions of a work item, the one that stands. */
const STANDS = `NOT EXISTS (SELECT FROM assay.work_item n
  WHERE n.org_id = r.org_id AND n.case_id = r.case_id AND n.version > r.version)`;

/** Parameters $1…$5. */
const ITEM_MATCHES = `r.org_id = $1 AND ($2::uuid IS NULL OR r.project_id = $2) AND ($3::text IS NULL OR r.kind = $3)
  AND ($4::text IS NULL OR r.parent_id = $4) AND ($5::text IS NULL OR r.status = $5) AND ${STANDS}`;

/** Parameters $1…$4: fix tasks `t` with their work items `r`. */
const FIX_MATCHES = `r.org_id = $1 AND ${STANDS} AND ($2::text IS NULL OR t.case_id = $2)
  AND ($3::text IS NULL OR t.gate_id = $3) AND ($4::text IS NULL OR r.status = $4)`;
const FIX_JOIN = `JOIN assay.fix_task t ON t.org_id = r.org_id AND t.fix_id = r.case_id`;

export class PgProcessRead extends PgRecordStore implements ProcessRead {
  constructor(
    private readonly on: EntityManager,
    lookUps?: LookUps,
  ) {
    super(on, lookUps);
  }

  async item(orgId: string, caseId: string): Promise<WorkItem | undefined> {
    const [item] = await this.find(
      WORK_ITEMS,
      { orgId, caseId },
      { by: 'version', descending: true, limit: 1 },
    );
    return item;
  }

  async children(orgId: string, parentId: string): Promise<readonly WorkItem[]> {
    const rows = await this.lookUps.rows<{ record: WorkItem }>({
      sql: `${selectRecords(WORK_ITEMS)} WHERE r.org_id = $1 AND r.parent_id = $2 AND ${STANDS} ORDER BY r.case_id`,
      types: ['text'],
      parameters: [orgId, parentId],
    });
    return rows.map(({ record }) => record);
  }

  items(
    orgId: string,
    filter: WorkItemFilter,
    page: PageRequest,
  ): Promise<Result<Page<WorkItem>, InvalidCursor>> {
    return this.page<WorkItem>(page, {
      select: selectRecords(WORK_ITEMS),
      from: 'assay.work_item r',
      where: ITEM_MATCHES,
      parameters: [
        orgId,
        filter.projectId ?? null,
        filter.kind ?? null,
        filter.parentId ?? null,
        filter.status ?? null,
      ],
      ...{ list: 'case', cursor: 'r.case_id', cursorOf: ({ caseId }) => caseId },
    });
  }

  templates(orgId: string, page: PageRequest): Promise<Result<Page<Template>, InvalidCursor>> {
    return this.page<Template>(page, {
      select: selectRecords(TEMPLATES),
      from: 'assay.process_template r',
      where: `r.org_id = $1 AND NOT EXISTS (SELECT FROM assay.process_template n
        WHERE n.org_id = r.org_id AND n.template_id = r.template_id AND n.version > r.version)`,
      parameters: [orgId],
      ...{ list: 'template', cursor: 'r.template_id', cursorOf: ({ templateId }) => templateId },
    });
  }

  async fixTasks(
    orgId: string,
    filter: FixTaskFilter,
    page: PageRequest,
  ): Promise<Result<Page<FixTaskRecord>, InvalidCursor>> {
    const listed = await this.page<WorkItem>(page, {
      select: `${selectRecords(WORK_ITEMS)} ${FIX_JOIN}`,
      from: `assay.work_item r ${FIX_JOIN}`,
      where: FIX_MATCHES,
      parameters: [orgId, filter.caseId ?? null, filter.gateId ?? null, filter.status ?? null],
      ...{ list: 'fix', cursor: 'r.case_id', cursorOf: (item) => item.caseId },
    });
    if (!listed.ok) return listed;
    const tasks = await this.on.query<{ record: FixTaskRecord['task'] }[]>(
      `${selectRecords(FIX_TASKS)} WHERE r.org_id = $1 AND r.fix_id = ANY ($2)`,
      [orgId, listed.value.items.map((item) => item.caseId)],
    );
    const byId = new Map(tasks.map(({ record }) => [record.fixId, record]));
    const items = listed.value.items.flatMap((item) => {
      const task = byId.get(item.caseId);
      return task ? [{ task, item }] : [];
    });
    return ok({ ...listed.value, items });
  }

  async rework(orgId: string, caseId: string): Promise<readonly Rework[]> {
    const rows = await this.lookUps.rows<Omit<Rework, 'count'> & { count: string }>({
      sql: `SELECT t.case_id AS "caseId", t.gate_id AS "gateId", count(*) AS count FROM assay.fix_task t
        WHERE t.org_id = $1 AND t.case_id = $2 GROUP BY 1, 2 ORDER BY 2 NULLS FIRST`,
      types: ['text'],
      parameters: [orgId, caseId],
    });
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  async reaches(orgId: string, from: RelationEnd, to: RelationEnd): Promise<boolean> {
    const [row] = await this.on.query<{ reached: boolean }[]>(
      `WITH RECURSIVE reached (art_id, digest) AS (
         SELECT $2::text, $3::text
         UNION SELECT a.to_art_id, a.to_digest FROM reached
           JOIN assay.artefact_relation a ON a.org_id = $1 AND a.from_art_id = reached.art_id AND a.from_digest = reached.digest)
       SELECT EXISTS (SELECT FROM reached WHERE art_id = $4 AND digest = $5) AS reached`,
      [orgId, from.artId, from.digest, to.artId, to.digest],
    );
    return row?.reached ?? false;
  }

  async relationsOf(orgId: string, versions: readonly RelationEnd[]): Promise<readonly Relation[]> {
    const rows = await this.on.query<{ record: Relation }[]>(
      `${selectRecords(ARTEFACT_RELATIONS)} WHERE r.org_id = $1
         AND ((r.from_art_id, r.from_digest) IN (SELECT * FROM unnest($2::text[], $3::text[]))
           OR (r.to_art_id, r.to_digest) IN (SELECT * FROM unnest($2::text[], $3::text[])))
       ORDER BY r.stated_at, r.relation, r.from_art_id, r.from_digest, r.to_art_id, r.to_digest`,
      [orgId, versions.map(({ artId }) => artId), versions.map(({ digest }) => digest)],
    );
    return rows.map(({ record }) => record);
  }

  private async page<T>(page: PageRequest, list: Listing<T>): Promise<Result<Page<T>, InvalidCursor>> {
    const first = pageSize(page);
    const after = page.after === undefined ? null : readCursor(list.list, page.after);
    if (after === undefined) return failed({ kind: 'InvalidCursor', given: page.after ?? '' });
    const { select, from, where, parameters, cursor, cursorOf } = list;
    const totalCount = await countMatching(this.on, `${from} WHERE ${where}`, parameters);
    const next = parameters.length + 1;
    const rows = await this.on.query<{ record: T }[]>(
      `${select} WHERE ${where} AND ($${String(next)}::text IS NULL OR ${cursor} > $${String(next)})
       ORDER BY ${cursor} LIMIT $${String(next + 1)}`,
      [...parameters, after, first + 1],
    );
    const records = rows.map(({ record }) => record);
    return ok(pageOf(records, { first, totalCount }, (record) => writeCursor(list.list, cursorOf(record))));
  }
}

/** A list by one unique text column. `list` tells its cursors from others'. */
interface Listing<T> {
  readonly list: string;
  readonly select: string;
  /** What is counted. */
  readonly from: string;
  readonly where: string;
  readonly parameters: unknown[];
  readonly cursor: string;
  readonly cursorOf: (record: T) => string;
}

const writeCursor = (list: string, place: string): string =>
  Buffer.from(`${list} ${place}`).toString('base64url');

/** Undefined when this list never gave it. */
function readCursor(list: string, cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = text.slice(list.length + 1);
  return place !== '' && !place.includes('\u0000') && writeCursor(list, place) === cursor ? place : undefined;
}
