import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { PersonalText } from './personal-text.port.js';
import { approve, refuse, renewable, revoke, withdraw } from './approve.js';
import { turnOf, type Escalation, type Turn } from './clock/escalation.js';
import type { WaiverStepName } from './life-cycle.js';
import type { WaiverProblem } from './problem.js';
import type { Result } from '../kernel/result.js';
import type { ArtefactAuthors } from './waiver-policy.port.js';
import { artefactOf } from './waiver-request.js';
import type { WaiverFilter, WaiverRead } from './waiver.read.js';
import { stateOf, type WaiverRecord, type WaiverState } from './waiver.js';

/** One step somebody could take, and why not. The reason is the four-eyes rule's; the policy may add its own. */
export interface PossibleStep {
  readonly action: WaiverStepName;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** Everything people look at before they decide; changes nothing. */
export class WaiverDesk {
  constructor(
    private readonly read: WaiverRead,
    private readonly texts: PersonalText,
    private readonly authors: ArtefactAuthors,
    private readonly clock: Clock,
  ) {}

  find(actor: Actor, waiverId: string): Promise<WaiverRecord | undefined> {
    return this.read.byId(actor.orgId, waiverId);
  }

  list(
    actor: Actor,
    filter: WaiverFilter,
    page: PageRequest,
  ): Promise<Result<Page<WaiverRecord>, InvalidCursor>> {
    return this.read.list(actor.orgId, filter, this.clock.now(), page);
  }

  stateNow(record: WaiverRecord): WaiverState {
    return stateOf(record, this.clock.now());
  }

  /** Null once the requester's personal data was erased. */
  reason(actor: Actor, record: WaiverRecord): Promise<string | null> {
    return this.texts.reasonOf(actor.orgId, record.waiver.waiverId);
  }

  renewedBy({ orgId }: Actor, { waiver }: WaiverRecord): Promise<readonly string[]> {
    return this.read.renewalsOf(orgId, waiver.waiverId);
  }

  escalations({ orgId }: Actor, { waiver }: WaiverRecord): Promise<readonly Escalation[]> {
    return this.read.escalationsOf(orgId, waiver.waiverId);
  }

  /** Whose turn it is to look at a request; undefined where nobody has to any more. */
  async turn(actor: Actor, record: WaiverRecord): Promise<Turn | undefined> {
    return turnOf(record, await this.escalations(actor, record), this.clock.now());
  }

  async viewerCan(actor: Actor, record: WaiverRecord): Promise<PossibleStep[]> {
    const now = this.clock.now();
    const artefact = artefactOf(record.waiver.selectors);
    const authorIds = artefact ? await this.authors.authorsOf(actor.orgId, artefact) : [];
    return [
      step('approve', approve(record, actor, authorIds, now)),
      step('refuse', refuse(record, actor.principalId, now)),
      step('withdraw', withdraw(record, actor.principalId, now)),
      step('revoke', revoke(record, actor.principalId, now)),
      step('renew', renewable(record, now)),
    ];
  }
}

const step = (action: PossibleStep['action'], result: Result<unknown, WaiverProblem>): PossibleStep => ({
  action,
  allowed: result.ok,
  reasonCode: result.ok ? 'ok' : kebab(result.problem.kind),
});

const kebab = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
