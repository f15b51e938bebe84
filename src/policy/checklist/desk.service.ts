import type { Actor } from '../../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { Standing } from './activation.js';
import type { ActivationTexts } from './activation-texts.port.js';
import type { ChecklistVersion } from './checklist.js';
import type { ChecklistFilter, ChecklistRead, RecordedActivation } from './checklist.read.js';

/** Whether somebody may do something at all; answered by the access policy, wired in `app`. */
export interface Permits {
  may(
    actor: Actor,
    permission: 'checklist.activate',
  ): Promise<{ readonly allowed: boolean; readonly reasonCode: string }>;
}

/** Everything people look up about checklists and what is in force of them; changes nothing. */
export class ChecklistDesk {
  constructor(
    private readonly read: ChecklistRead,
    private readonly permits: Permits,
    private readonly texts: ActivationTexts,
  ) {}

  versions(
    actor: Actor,
    filter: ChecklistFilter,
    page: PageRequest,
  ): Promise<Result<Page<ChecklistVersion>, InvalidCursor>> {
    return this.read.versions(actor.orgId, filter, page);
  }

  standing(actor: Actor, chkId: string): Promise<Standing> {
    return this.read.standing(actor.orgId, chkId);
  }

  activations(
    actor: Actor,
    chkId: string,
    page: PageRequest,
  ): Promise<Result<Page<RecordedActivation>, InvalidCursor>> {
    return this.read.activations(actor.orgId, chkId, page);
  }

  reasonOf(actor: Actor, { entryKey }: RecordedActivation): Promise<string | null> {
    return this.texts.reasonOf(actor.orgId, entryKey);
  }

  /** Activating what is active already changes nothing but who answers for it: allowed, and said. */
  async mayActivate(
    actor: Actor,
    { chkId, version }: { readonly chkId: string; readonly version: number },
  ): Promise<{ readonly allowed: boolean; readonly reasonCode: string }> {
    const { allowed, reasonCode } = await this.permits.may(actor, 'checklist.activate');
    if (!allowed) return { allowed, reasonCode };
    const { version: active } = await this.read.standing(actor.orgId, chkId);
    return { allowed: true, reasonCode: active === version ? 'already-active' : 'ok' };
  }
}
