import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type { LedgerConnection, LedgerEntry as SdlEntry, LedgerFilter } from '../api/generated.js';
import { badRequest } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import { ENTRY_KINDS, type EntryKind } from './entry.js';
import { LedgerDesk } from './ledger-desk.service.js';
import type { EntryFilter, LedgerEntry } from './ledger.read.js';
import { FACTS } from './statement.js';

@Resolver('Decision')
export class LedgerResolver {
  constructor(private readonly desk: LedgerDesk) {}

  @Query()
  @Requires('ledger.read')
  async ledger(
    @Args('filter') filter: LedgerFilter | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
    @Caller() actor: Actor,
  ): Promise<LedgerConnection> {
    const page = await this.desk.entries(actor, {
      first,
      filter: filterOf(filter ?? {}),
      ...(after == null ? {} : { after }),
    });
    if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = page.value;
    return { nodes: items.map(showEntry), totalCount, pageInfo: { endCursor, hasNextPage } };
  }

  /** Under the decision's own permission: whoever may see a decision may see that it is on record. */
  @ResolveField()
  async ledgerEntry(@Parent() decision: { entryKey: Buffer }, @Caller() actor: Actor): Promise<SdlEntry> {
    const entry = await this.desk.entryByKey(actor, decision.entryKey);
    if (!entry)
      throw new Error(`the decision's ledger entry ${decision.entryKey.toString('hex')} is missing`);
    return showEntry(entry);
  }
}

function filterOf(given: LedgerFilter): EntryFilter {
  const { kind, ...others } = given;
  if (kind != null && !ENTRY_KINDS.includes(kind as EntryKind))
    throw badRequest(`filter.kind: expected one of ${ENTRY_KINDS.join(', ')}`);
  return {
    ...(kind == null ? {} : { kind: kind as EntryKind }),
    ...(Object.fromEntries(Object.entries(others).filter(([, value]) => value != null)) as EntryFilter),
  };
}

export function showEntry(entry: LedgerEntry): SdlEntry {
  return {
    seq: entry.seq,
    at: entry.at,
    kind: entry.recorded.kind,
    leafHash: entry.leafHash,
    leaf: Buffer.from(entry.leaf).toString('base64'),
    statement: Buffer.from(entry.statement).toString('base64'),
    facts: factsOf(entry.statement),
  };
}

/** The facts exactly as stated, not as we read them. */
function factsOf(statement: string): JsonValue {
  const { predicate } = JSON.parse(statement) as { predicate: Record<string, JsonObject> };
  return predicate[FACTS] ?? {};
}
