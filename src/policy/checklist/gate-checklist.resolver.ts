import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { AuthoringService } from '../authoring.service.js';
import { ChecklistDesk } from './desk.service.js';
import { showChecklist, type ShownChecklist } from '../policy.resolver.js';

/** A gate's checklist, shown by the feature that owns checklists. */
@Resolver('Gate')
export class GateChecklistResolver {
  constructor(
    private readonly authoring: AuthoringService,
    private readonly desk: ChecklistDesk,
  ) {}

  @ResolveField()
  @Requires('checklist.read')
  async checklist(
    @Parent() { chkId, checklistVersion }: { chkId: string; checklistVersion?: number | null },
    @Caller() actor: Actor,
  ): Promise<ShownChecklist> {
    const version = checklistVersion ?? (await this.desk.standing(actor, chkId)).version;
    const found = version === null ? undefined : await this.authoring.checklist(actor, chkId, version);
    if (!found) throw new Error(`a gate judges with ${chkId}@${String(version)}, which is not published`);
    return showChecklist(found);
  }
}
