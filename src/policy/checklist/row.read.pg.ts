import { plannedOnce } from '../../kernel/planned-once.js';
import { digestFrom } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { Activation, Standing } from './activation.js';
import { checklistDocumentShape, type ChecklistVersion } from './checklist.js';

export const VERSION_COLUMNS = `digest, document, published_at AS "publishedAt"`;
export interface VersionRow {
  readonly digest: string;
  readonly document: string;
  readonly publishedAt: Date;
}

export const checklistFrom = ({ digest, document, publishedAt }: VersionRow): ChecklistVersion => ({
  digest: digestFrom(digest),
  document: checklistDocumentShape.parse(JSON.parse(document)),
  publishedAt: publishedAt.getTime(),
});

export const ACTIVATION_COLUMNS = `
  chk_id AS "chkId", activation AS number, version, previous_version AS "previousVersion", activated_at AS at,
  activated_by AS by, entry_key AS "entryKey"`;
export interface ActivationRow extends Omit<Activation, 'at'> {
  readonly at: Date;
  readonly entryKey: IdempotencyKey;
}

export const activationFrom = ({ entryKey: _, at, ...row }: ActivationRow): Activation => ({
  ...row,
  at: at.getTime(),
});

/**
 * $1 organisation, $2 checklist: one row, in one statement, so that it is of one moment. Without an activation
 * the version in force is the latest of those that were published before there were any.
 */
export const STANDING = plannedOnce(`
  SELECT coalesce(a.activation, 0) AS activation, a.activated_by IS NOT NULL AS "byPerson",
         coalesce(a.version, (SELECT max(v.version) FROM assay.checklist_version v
                               WHERE v.org_id = $1 AND v.chk_id = $2 AND v.active_when_published)) AS version
    FROM (SELECT) AS always
    LEFT JOIN LATERAL (SELECT activation, version, activated_by FROM assay.checklist_activation
                        WHERE org_id = $1 AND chk_id = $2 ORDER BY activation DESC LIMIT 1) a ON true`);
export type StandingRow = Standing;

export const standingFrom = (row: StandingRow | undefined): Standing =>
  row ?? { activation: 0, version: null, byPerson: false };
