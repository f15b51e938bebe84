import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { ChecklistVersion as SdlChecklist } from '../api/generated.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { AuthoringService } from './authoring.service.js';
import { showChecklist } from './policy.resolver.js';

/** A gate's checklist, shown by the feature that owns checklists. */
@Resolver('Gate')
export class GateChecklistResolver {
  constructor(private readonly authoring: AuthoringService) {}

  @ResolveField()
  @Requires('checklist.read')
  async checklist(
    @Parent() gate: { chkId: string; checklistVersion: number },
    @Caller() actor: Actor,
  ): Promise<SdlChecklist> {
    const found = await this.authoring.checklist(actor, gate.chkId, gate.checklistVersion);
    if (!found)
      throw new Error(`gate pins ${gate.chkId}@${String(gate.checklistVersion)}, which is not published`);
    return showChecklist(found);
  }
}
