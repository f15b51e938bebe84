import { z } from 'zod';
import { AUTHORISE } from '../../access/authoriser.service.js';
import type { Permission } from '../../access/permission.js';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { AccessTrial } from '../../policy/checklist/access-trial.port.js';
import type { ChecklistVersion } from '../../policy/checklist/checklist.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import { askOne } from '../../rego/ask-one.js';
import type { Engine } from '../../rego/engine.port.js';

const answerShape = z.object({ allowed: z.literal(true) });
const PERMISSION: Permission = 'checklist.activate';

/** Asks an access policy that is not in force yet, as the authoriser would if it were. */
export class RegoAccessTrial implements AccessTrial {
  constructor(
    private readonly engine: Engine,
    private readonly read: PolicyRead,
    private readonly clock: Clock,
  ) {}

  async mayActivateUnder(actor: Actor, { document }: ChecklistVersion): Promise<boolean> {
    const [pin] = document.policies;
    const [policy] = pin ? await this.read.byDigests(actor.orgId, [pin.digest]) : [];
    if (!pin || !policy) return false;
    const subject = { principalId: '', kind: actor.kind, roles: [...actor.roles].sort() };
    const { bundle } = policy.document;
    const answer = await askOne(
      this.engine,
      { bundle, parameters: pin.parameters },
      { entrypoint: AUTHORISE, question: { actor: subject, permission: PERMISSION } },
      this.clock.now(),
    );
    return answerShape.safeParse(answer).success;
  }
}
