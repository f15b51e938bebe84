import type { AccessRole } from '../kernel/actor.js';
import { digestOf, type JsonObject } from '../kernel/canonical-json.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey, uuidFromKey, type IdempotencyKey } from '../kernel/id.js';
import { ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { EntryKind, PersonalFields } from '../ledger/entry.js';
import type { IdempotencyConflict, Ledger } from '../ledger/ledger.js';
import {
  grantDetails,
  loginOf,
  type Grant,
  type Organisation,
  type Principal,
  type Project,
} from './organisation.js';
import type { OrganisationStore } from './organisation.store.js';

type Stores = { organisations: OrganisationStore; ledger: Ledger };

/**
 * Sets up who exists and what they were granted. Ids follow from names, so every step may be repeated: the
 * second time it changes nothing and answers the same. Called by the installer (`system`); later by admins.
 */
export class OrganisationService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly clock: Clock,
  ) {}

  createOrganisation(given: Omit<Organisation, 'orgId'>): Promise<Result<Organisation, IdempotencyConflict>> {
    const key = idempotencyKey('', 'organisation', given.slug);
    const organisation = { ...given, orgId: uuidFromKey(key) };
    return this.record(organisation, {
      kind: 'organisation.created',
      key,
      details: { slug: given.slug },
      write: (store, at) => store.addOrganisation(organisation, { at, entryKey: key }),
    });
  }

  createProject(given: Omit<Project, 'projectId'>): Promise<Result<Project, IdempotencyConflict>> {
    const key = idempotencyKey(given.orgId, 'project', given.slug);
    const project = { ...given, projectId: uuidFromKey(key) };
    return this.record(project, {
      kind: 'project.created',
      key,
      details: { slug: given.slug },
      projectId: project.projectId,
      write: (store, at) => store.addProject(project, { at, entryKey: key }),
    });
  }

  addPrincipal(given: Omit<Principal, 'principalId'>): Promise<Result<Principal, IdempotencyConflict>> {
    const key = idempotencyKey(given.orgId, 'principal', loginOf(given));
    const principal = { ...given, principalId: uuidFromKey(key) };
    return this.record(principal, {
      kind: 'principal.added',
      key,
      details: { principalId: principal.principalId, kind: given.kind },
      persons: { login: loginOf(given) },
      personal: [{ principalId: principal.principalId, fields: { displayName: given.displayName } }],
      write: (store, at) => store.addPrincipal(principal, { at, entryKey: key }),
    });
  }

  giveGrant(principal: Principal, role: AccessRole): Promise<Result<Grant, IdempotencyConflict>> {
    const { orgId, principalId } = principal;
    const key = idempotencyKey(orgId, 'grant', `${principalId} ${role}`);
    const grant = { grantId: uuidFromKey(key), orgId, principalId, role };
    return this.record(grant, {
      kind: 'grant.given',
      key,
      details: grantDetails(grant),
      persons: { grantee: principalId },
      write: (store, at) => store.addGrant(grant, null, { at, entryKey: key }),
    });
  }

  private record<T extends { orgId: string }>(
    thing: T,
    { kind, key, details, projectId, persons, personal, write }: Addition,
  ): Promise<Result<T, IdempotencyConflict>> {
    return this.tx(async ({ organisations, ledger }) => {
      const at = this.clock.now();
      await write(organisations, at);
      const appended = await ledger.append({
        orgId: thing.orgId,
        kind,
        actor: 'system',
        subjects: [{ name: kind, digest: digestOf(details) }],
        facts: { tsStart: at, tsEnd: at, ...(projectId !== undefined && { projectId }), details },
        ...(persons && { persons }),
        ...(personal && { personal }),
        key,
      });
      return appended.ok ? ok(thing) : appended;
    });
  }
}

/** One thing that is added: what its entry says, and how its row is written. */
interface Addition {
  readonly kind: EntryKind;
  readonly key: IdempotencyKey;
  readonly details: JsonObject;
  readonly projectId?: string;
  readonly persons?: Readonly<Record<string, string>>;
  readonly personal?: readonly PersonalFields[];
  readonly write: (store: OrganisationStore, at: Instant) => Promise<void>;
}
