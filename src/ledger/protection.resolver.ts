import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  ErasePersonInput,
  ErasePersonResult,
  Erasure as SdlErasure,
  Hold as SdlHold,
  LiftHoldInput,
  LiftHoldResult,
  Person as SdlPerson,
  SetHoldInput,
  SetHoldResult,
  ViewerCan,
} from '../api/generated.js';
import { badRequest, present } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import { ErasureService } from './erasure.service.js';
import { HoldService, type HoldChange } from './hold.service.js';
import type { Hold, HoldState } from './hold.js';
import type { LedgerEntry } from './ledger.read.js';
import { PROTECTION_MESSAGES, type ProtectionProblem } from './protection-problem.js';
import { ProtectionDesk } from './protection-desk.service.js';
import type { Person } from './protection.read.js';

type ShownPerson = Omit<SdlPerson, 'viewerCan'> & { readonly person: Person };
type ShownErasure = Omit<SdlErasure, 'reason'>;
type ShownHold = Omit<SdlHold, 'reason' | 'viewerCan'> & { readonly hold: Hold };
interface ListArguments {
  first: number;
  after?: string | null;
}
interface Shown<T> {
  nodes: T[];
  totalCount: number;
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

/** Erasure of persons and legal holds. */
@Resolver()
export class ProtectionResolver {
  constructor(
    private readonly erasing: ErasureService,
    private readonly holding: HoldService,
    private readonly desk: ProtectionDesk,
  ) {}

  @Query()
  @Requires('person.erase')
  async persons(@Args() args: ListArguments, @Caller() actor: Actor): Promise<Shown<ShownPerson>> {
    return connection(await this.desk.persons(actor, pageOf(args)), showPerson);
  }

  @Query()
  @Requires('person.erase')
  async erasures(@Args() args: ListArguments, @Caller() actor: Actor): Promise<Shown<ShownErasure>> {
    return connection(await this.desk.erasures(actor, pageOf(args)), showErasure);
  }

  @Query()
  @Requires('hold.manage')
  async holds(
    @Args() args: ListArguments & { inForce: boolean },
    @Caller() actor: Actor,
  ): Promise<Shown<ShownHold>> {
    const page = await this.desk.holds(actor, { ...pageOf(args), inForce: args.inForce });
    return connection(page, (hold) => showHold(hold, this.desk.stateNow(hold)));
  }

  @Mutation()
  @Requires('person.erase')
  async erasePerson(
    @Args('input') input: ErasePersonInput,
    @Caller() actor: Actor,
  ): Promise<ErasePersonResult | ShownErasure> {
    const { principalId } = input;
    const erased = await this.erasing.erase({ principalId, ...commandOf(input) }, actor);
    if (!erased.ok) return present(erased.problem, PROTECTION_MESSAGES) as ErasePersonResult;
    const entry = await this.desk.entry(actor, erased.value.seq);
    return { __typename: 'Erasure', ...showErasure(entry) };
  }

  @Mutation()
  @Requires('hold.manage')
  async setHold(
    @Args('input') input: SetHoldInput,
    @Caller() actor: Actor,
  ): Promise<SetHoldResult | ShownHold> {
    const scope = Object.fromEntries(Object.entries(input.scope).filter(([, value]) => value != null));
    const set = await this.holding.set(
      { scope, ...(input.until == null ? {} : { until: input.until }), ...commandOf(input) },
      actor,
    );
    return (await this.#answer(set, actor)) as SetHoldResult | ShownHold;
  }

  @Mutation()
  @Requires('hold.manage')
  async liftHold(
    @Args('input') input: LiftHoldInput,
    @Caller() actor: Actor,
  ): Promise<LiftHoldResult | ShownHold> {
    const lifted = await this.holding.lift({ holdId: input.holdId, ...commandOf(input) }, actor);
    return (await this.#answer(lifted, actor)) as LiftHoldResult | ShownHold;
  }

  async #answer(changed: Result<HoldChange, ProtectionProblem>, actor: Actor): Promise<object> {
    if (!changed.ok) return present(changed.problem, PROTECTION_MESSAGES);
    const hold = await this.desk.hold(actor, changed.value.holdId);
    if (!hold) throw new Error(`hold ${changed.value.holdId} is on record and has no row`);
    return showHold(hold, this.desk.stateNow(hold));
  }
}

@Resolver('Person')
export class PersonResolver {
  constructor(private readonly desk: ProtectionDesk) {}

  @ResolveField()
  async viewerCan(@Parent() { person }: ShownPerson, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return [await this.desk.canErase(actor, person)];
  }
}

@Resolver('Erasure')
export class ErasureResolver {
  constructor(private readonly desk: ProtectionDesk) {}

  @ResolveField()
  reason(@Parent() { entrySeq }: ShownErasure, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.reasonOf(actor, entrySeq);
  }
}

@Resolver('Hold')
export class HoldResolver {
  constructor(private readonly desk: ProtectionDesk) {}

  @ResolveField()
  reason(@Parent() { setSeq }: ShownHold, @Caller() actor: Actor): Promise<string | null> {
    return this.desk.reasonOf(actor, setSeq);
  }

  @ResolveField()
  viewerCan(@Parent() { hold }: ShownHold): ViewerCan[] {
    return [this.desk.canLift(hold)];
  }
}

const pageOf = ({ first, after }: ListArguments): PageRequest => ({
  first,
  ...(after == null ? {} : { after }),
});

function connection<T, S>(page: Result<Page<T>, InvalidCursor>, show: (item: T) => S): Shown<S> {
  if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
  const { items, totalCount, endCursor, hasNextPage } = page.value;
  return { nodes: items.map(show), totalCount, pageInfo: { endCursor, hasNextPage } };
}

const commandOf = ({ reason, reference, context, idempotencyKey }: Omit<LiftHoldInput, 'holdId'>) => ({
  reason,
  ...(reference == null ? {} : { reference }),
  context: contextOf(context),
  idempotencyKey,
});

const KINDS = { person: 'PERSON', service: 'SERVICE', agent: 'AGENT' } as const;
const STATES: Readonly<Record<HoldState, SdlHold['state']>> = {
  'in-force': 'IN_FORCE',
  lapsed: 'LAPSED',
  lifted: 'LIFTED',
};

const showPerson = (person: Person): ShownPerson => ({ ...person, kind: KINDS[person.kind], person });

function showErasure({ seq, recorded }: LedgerEntry): ShownErasure {
  const { principalId, reference } = recorded.facts.details as { principalId: string; reference?: string };
  return { entrySeq: seq, at: recorded.facts.tsEnd, principalId, reference: reference ?? null };
}

const showHold = (hold: Hold, state: HoldState): ShownHold => ({
  __typename: 'Hold',
  hold,
  id: hold.holdId,
  state: STATES[state],
  scope: hold.scope,
  until: hold.until,
  setAt: hold.setAt,
  setSeq: hold.setSeq,
  liftedSeq: hold.liftedSeq,
});
