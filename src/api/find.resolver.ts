import { Args, Query, Resolver } from '@nestjs/graphql';
import { AuthenticationService } from '../access/authentication.service.js';
import type { Bearer } from '../access/organisation.js';
import { Caller } from './caller.js';
import { FINDABLE, Finder, type FindKind, type Found } from './find.port.js';
import type { FindResult } from './generated.js';
import { badRequest } from './present.js';
import { Requires } from './requires.js';

const MAX_HITS = 100;
/** Shorter than a digest's prefix may be, so that gates such as GATE_A are found by what they are called. */
const MIN_LENGTH = 3;
const MAX_LENGTH = 500;

/** Finds things by what names them, in this organisation, of the kinds that the caller may read. */
@Resolver()
export class FindResolver {
  constructor(
    private readonly finder: Finder,
    private readonly authentication: AuthenticationService,
  ) {}

  @Query()
  @Requires('access.read')
  async find(
    @Args('text') given: string,
    @Args('first') first: number,
    @Caller() actor: Bearer,
  ): Promise<FindResult> {
    const text = given.trim();
    if (text.length < MIN_LENGTH || text.length > MAX_LENGTH)
      throw badRequest(`text: expected ${String(MIN_LENGTH)} to ${String(MAX_LENGTH)} characters`);
    const limit = Math.min(Math.max(first, 0), MAX_HITS);
    const kinds = await this.#readable(actor);
    const found = limit === 0 ? [] : await this.finder.find(actor.orgId, text, kinds, limit + 1);
    return { hits: found.slice(0, limit).map(show), hasMore: found.length > limit };
  }

  async #readable(actor: Bearer): Promise<ReadonlySet<FindKind>> {
    const asked = await Promise.all(
      Object.entries(FINDABLE).map(async ([kind, permission]) => ({
        kind: kind as FindKind,
        ...(await this.authentication.may(actor, permission)),
      })),
    );
    return new Set(asked.filter(({ allowed }) => allowed).map(({ kind }) => kind));
  }
}

const show = ({ kind, matched, ...found }: Found): FindResult['hits'][number] =>
  ({ ...found, kind: kind.toUpperCase(), matched: matched.toUpperCase() }) as FindResult['hits'][number];
