import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { isUuid } from '../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { Administrators } from './administrators.port.js';
import { holdState, type Hold, type HoldState } from './hold.js';
import type { LedgerEntry, LedgerRead } from './ledger.read.js';
import type { Person, ProtectionRead } from './protection.read.js';
import { pseudonymOf } from './pseudonym.js';

/** One step somebody could take, and why not. */
export interface PossibleStep {
  readonly action: 'erase' | 'lift';
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** Everything those who protect data look at before they decide; changes nothing. */
export class ProtectionDesk {
  constructor(
    private readonly read: ProtectionRead,
    private readonly ledger: LedgerRead,
    private readonly pseudonymKey: Buffer,
    private readonly administrators: Pick<Administrators, 'isLast'>,
    private readonly clock: Clock,
  ) {}

  persons({ orgId }: Actor, page: PageRequest): Promise<Result<Page<Person>, InvalidCursor>> {
    return this.read.persons(orgId, page, (id) => pseudonymOf(this.pseudonymKey, orgId, id));
  }

  holds(
    { orgId }: Actor,
    { inForce, ...page }: PageRequest & { readonly inForce: boolean },
  ): Promise<Result<Page<Hold>, InvalidCursor>> {
    return this.read.holds(orgId, { ...page, ...(inForce && { inForceAt: this.clock.now() }) });
  }

  async hold({ orgId }: Actor, holdId: string): Promise<Hold | undefined> {
    return isUuid(holdId) ? this.read.hold(orgId, holdId) : undefined;
  }

  stateNow(hold: Hold): HoldState {
    return holdState(hold, this.clock.now());
  }

  /** The entries that record erasures, oldest first. */
  async erasures({ orgId }: Actor, page: PageRequest): Promise<Result<Page<LedgerEntry>, InvalidCursor>> {
    return this.ledger.entries(orgId, { ...page, filter: { kind: 'person.erased' } });
  }

  /** Throws for an entry that is not there: whoever asks was just told its number. */
  async entry({ orgId }: Actor, seq: number): Promise<LedgerEntry> {
    const entry = await this.ledger.entry(orgId, seq);
    if (!entry) throw new Error(`entry ${String(seq)} is missing`);
    return entry;
  }

  /** Why, in the words of who did it; null once that person was erased in turn. */
  async reasonOf({ orgId }: Actor, seq: number): Promise<string | null> {
    const entry = await this.ledger.entry(orgId, seq);
    if (!entry) return null;
    const key = Buffer.from(entry.recorded.idempotencyKey, 'hex');
    for (const person of await this.ledger.personalFields(orgId, key))
      if (person.status === 'present') return person.fields['reason'] ?? null;
    return null;
  }

  async canErase(actor: Actor, { principalId, erasedAt, records }: Person): Promise<PossibleStep> {
    const step = (reasonCode: string): PossibleStep => ({
      action: 'erase',
      allowed: reasonCode === 'ok',
      reasonCode,
    });
    if (principalId === actor.principalId) return step('own-erasure');
    if (erasedAt !== null && records === 0) return step('already-erased');
    const pseudonym = pseudonymOf(this.pseudonymKey, actor.orgId, principalId);
    if ((await this.read.holdsOn(actor.orgId, pseudonym)).length > 0) return step('under-legal-hold');
    const isLast = erasedAt === null && (await this.administrators.isLast(actor, principalId));
    return step(isLast ? 'last-administrator' : 'ok');
  }

  canLift({ liftedSeq }: Hold): PossibleStep {
    return liftedSeq === null
      ? { action: 'lift', allowed: true, reasonCode: 'ok' }
      : { action: 'lift', allowed: false, reasonCode: 'hold-lifted' };
  }
}
