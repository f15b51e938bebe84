import { z } from 'zod';
import type { Permission } from '../../access/permission.js';
import type { Actor } from '../../kernel/actor.js';
import { digestOf } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { hexOf } from '../../kernel/digest.js';
import { JsonText } from '../../kernel/json-text.js';
import type { AccessTrial } from '../../policy/checklist/access-trial.port.js';
import type { ChecklistVersion } from '../../policy/checklist/checklist.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import type { Engine } from '../../rego/engine.port.js';

const answerShape = z.object({ allowed: z.literal(true) });
const PERMISSION: Permission = 'checklist.activate';
const DEADLINE_MS = 5_000;

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
    const input = { actor: subject, permission: PERMISSION, parameters: pin.parameters };
    const answered = await this.engine.evaluate({
      bundle: policy.document.bundle,
      input: { kind: 'document', text: JsonText.of(input) },
      questions: [{ entrypoint: 'assay/access/authorise/decision' }],
      instant: this.clock.now(),
      seed: hexOf(digestOf(input)),
      deadlineMs: DEADLINE_MS,
    });
    const [answer] = answered.ok ? answered.value : [];
    return answer?.ok === true && answerShape.safeParse(answer.value).success;
  }
}
