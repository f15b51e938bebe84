import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { principalOf, processEntry, subjectOf } from './process-entry.js';
import { saysTheSame } from './record-table.js';
import type { RecordStore } from './record.store.js';
import { standing } from './standing.js';
import { templateFault, TEMPLATES, type Template } from './template.js';

export interface PublishTemplate {
  readonly orgId: string;
  readonly templateId: string;
  /** 0 for a new one. */
  readonly expectedVersion: number;
  readonly title: Template['title'];
  readonly activities: Template['activities'];
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };

/** Process templates (TMP_*). A version never changes; cases keep the one they were given. */
export class TemplateService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly clock: Clock,
  ) {}

  async publish(command: PublishTemplate, by: Actor | 'system'): Promise<Result<Template, ProcessProblem>> {
    const fault = templateFault(command);
    if (fault) return failed(fault);
    const { orgId, templateId, expectedVersion, title, activities, context } = command;
    const caller = by === 'system' ? by : by.principalId;
    const key = idempotencyKey(orgId, `template.publish ${caller}`, command.idempotencyKey);
    return this.tx<Template, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(orgId, templateId);
      const at = this.clock.now();
      const template: Template = {
        ...{ orgId, templateId, version: expectedVersion + 1, title, activities },
        ...{ publishedBy: principalOf(by), publishedAt: at },
      };
      const twin = await records.under(TEMPLATES, orgId, key);
      if (twin) return saysTheSame(twin, template, ['publishedAt']) ? ok(twin) : failed(CONFLICT);
      const before = await standing(records, TEMPLATES, { orgId, templateId });
      if ((before?.version ?? 0) !== expectedVersion)
        return failed({
          kind: 'TemplateStale',
          templateId,
          expectedVersion,
          theirs: before ?? null,
          yours: template,
        });
      await records.add(TEMPLATES, template, key);
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'template.published', orgId, actor: by, context, at, key },
          subjects: [subjectOf(TEMPLATES, template)],
          facts: {},
          details: {
            template: `${templateId}@${String(template.version)}`,
            activities: activities.map(({ actId }) => actId),
          },
        }),
      );
      return appended.ok ? ok(template) : appended;
    });
  }
}
