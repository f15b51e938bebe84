import type pg from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import { narrowing, type Narrowing } from '../../access/narrowing.service.js';
import { isUuid } from '../../kernel/id.js';
import { Together, type LookUps } from '../../kernel/look-ups.js';
import { DATABASE_ROLES } from './roles.js';
import { askTold, sendTold, withConnection } from './told-query.js';
import type { Told } from './told-statement.js';

/** A store or read that lives on a manager and keeps nothing: each call gets one of its own, but for the look-ups. */
type Built<S> = new (on: EntityManager, lookUps?: LookUps) => S;

/** Names the organisation that a call is about. */
type Owned = string | { readonly orgId: string };

/** Methods whose first argument names no organisation. */
type Unowned<S> = {
  [K in keyof S]: S[K] extends (...given: infer Given) => unknown
    ? Given extends readonly [Owned, ...unknown[]]
      ? never
      : K
    : never;
}[keyof S];

/** What cannot be bound does not compile: this is assignable to nothing, and says which methods are meant. */
type Bound<S, All> = [Exclude<Unowned<S>, All>] extends [never]
  ? S
  : { readonly namesNoOrganisation: Exclude<Unowned<S>, All> };

/**
 * A store or read each of whose calls runs on behalf of the organisation that its first argument names – the id
 * itself, or something that has it as `orgId`. Row-level security hides the rows of all others from that call's
 * statements and refuses to write them; likewise those of other projects, where the caller is narrowed to some
 * (`narrowing`, as it is when the method is called). Methods in `forAll` are about all organisations (see `ofAll`).
 */
export function ofOrganisations<S extends object, All extends keyof S = never>(
  manager: EntityManager,
  built: Built<S>,
  ...forAll: readonly All[]
): Bound<S, All> {
  const all = new Set<PropertyKey>(forAll);
  return bind(manager, built, ([first], method) =>
    all.has(method) ? ACROSS : ownOf(first, method),
  ) as unknown as Bound<S, All>;
}

/** Likewise for records of any table, of which some methods take the table before what names the organisation. */
export const recordsOfOrganisations = <S extends object>(manager: EntityManager, built: Built<S>): S =>
  bind(manager, built, (given, method) =>
    ownOf(
      given.find((one) => orgIdOf(one) !== undefined),
      method,
    ),
  );

function bind<S extends object>(
  manager: EntityManager,
  built: Built<S>,
  toldBy: (given: readonly unknown[], method: string) => Told,
): S {
  // Calls of one turn share their look-ups (ADR 0026); a transaction is one caller's, who waits for each.
  const together = manager.queryRunner ? undefined : lookUpsOn(manager);
  return new Proxy(new built(manager), {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...given: unknown[]): unknown => {
        const told = toldBy(given, name);
        const own = new built(onBehalfOf(manager, told), together?.(told));
        return Reflect.apply(member, own, given) as unknown;
      };
    },
  });
}

/**
 * A manager whose statements see the rows of every organisation, as `assay_across`. For recognising who calls, for
 * what the worker does for all at once, and for verifying: each use says in its composition that it is one.
 */
export const ofAll = (manager: EntityManager): EntityManager => onBehalfOf(manager, ACROSS);

/** A manager for what is about one organisation from beginning to end. */
export const ofOne = (manager: EntityManager, orgId: string): EntityManager =>
  onBehalfOf(manager, ownOf(orgId, 'ofOne'));

const ACROSS: Told = { role: DATABASE_ROLES.across, orgId: '', projectIds: '' };

/** For whom: look-ups that go together with others', but never with those of somebody who sees something else. */
function lookUpsOn(manager: EntityManager): (told: Told) => LookUps {
  const ofEach = new Together((orgId, projectIds) => onBehalfOf(manager, toldOf(orgId, projectIds)));
  const across = new Together(() => ofAll(manager));
  return (told) => {
    if (told === ACROSS) return across;
    return told.projectIds === '' ? ofEach : only(told, ofEach);
  };
}

/** Who asks together has been asking by the time that somebody answers: the look-up itself says for which projects. */
const only = ({ projectIds }: Told, together: LookUps): LookUps => ({
  rows: (lookUp) => together.rows({ ...lookUp, behalf: projectIds }),
});

const toldOf = (orgId: string, projectIds = ''): Told => ({
  role: projectIds === '' ? DATABASE_ROLES.service : DATABASE_ROLES.narrowed,
  orgId,
  projectIds,
});

/** As an array of PostgreSQL: no project at all is `{}`, and not the empty text. */
const asArray = (projects: Narrowing): string => (projects ? `{${projects.join(',')}}` : '');

function ownOf(owned: unknown, method: string): Told {
  const orgId = orgIdOf(owned);
  if (orgId !== undefined) return toldOf(orgId, asArray(narrowing()));
  throw new Error(`${method}: no organisation is named on whose behalf it runs`);
}

function orgIdOf(owned: unknown): string | undefined {
  const orgId = typeof owned === 'object' && owned !== null ? (owned as { orgId?: unknown }).orgId : owned;
  return typeof orgId === 'string' && isUuid(orgId) ? orgId : undefined;
}

/** On the transaction of `manager`, or, where it has none, on a connection of the pool for each statement. */
function onBehalfOf(manager: EntityManager, told: Told): EntityManager {
  const { queryRunner, dataSource } = manager;
  if (queryRunner) return dataSource.createEntityManager(telling(queryRunner, told));
  return Object.create(manager, {
    query: {
      value: (text: string, values?: unknown[]): Promise<unknown> =>
        withConnection(dataSource, (client) => askTold(dataSource, client, told, { text, values })),
    },
  }) as EntityManager;
}

/**
 * The runner, but that what it sends tells first: SQL as it stands, and by `connect` what TypeORM makes and reads
 * itself. Whoever begins and ends the transaction has the runner itself.
 */
function telling(runner: QueryRunner, told: Told): QueryRunner {
  const connect = async () => {
    const client = (await runner.connect()) as pg.ClientBase;
    return { query: (text: string, values?: unknown[]) => sendTold(client, told, text, values) };
  };
  const byTypeOrm = Object.create(runner, { connect: { value: connect } }) as QueryRunner;
  const query = async (text: string, values?: unknown[], structured = false): Promise<unknown> => {
    if (structured || runner.isReleased) return byTypeOrm.query(text, values, structured as true);
    const client = (await runner.connect()) as pg.ClientBase;
    return askTold(runner.manager.dataSource, client, told, { text, values });
  };
  return Object.create(byTypeOrm, { query: { value: query } }) as QueryRunner;
}
