import type { AccessRole, Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey, uuidFromKey, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { refused } from '../kernel/refusal.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import {
  grantGiven,
  grantRevoked,
  principalAdded,
  standingChanged,
  type Step,
} from './administration-entry.js';
import {
  ADMINISTRATION_ENTRYPOINT,
  administrationQuestion,
  type AdministrationSubject,
} from './administration-question.js';
import { caseAnswerShape } from './access-answer.js';
import type { AdministrationProblem } from './administration-problem.js';
import { faultOfGrant, faultOfPrincipal, proseFault } from './administration-request.js';
import type {
  AdministeredGrant,
  AdministeredPrincipal,
  AdministrationStore,
} from './administration.store.js';
import type { Asker, Authoriser } from './authoriser.service.js';
import { loginOf, type Bearer, type Grant, type Principal, type PrincipalKind } from './organisation.js';
import type { OrganisationStore } from './organisation.store.js';

interface Command {
  /** Why: encrypted with the key of who says it. */
  readonly reason: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}
export interface AddPrincipal extends Command {
  readonly subject: string;
  /** Without it the installation's own. */
  readonly issuer?: string;
  readonly kind: PrincipalKind;
  readonly displayName: string;
}
export interface GiveGrant extends Command {
  readonly principalId: string;
  readonly role: string;
  /** Slug. */
  readonly project?: string;
  readonly requestsPerMinute?: number;
  readonly unrecordedPolicies?: readonly string[];
}
export type RevokeGrant = Command & { readonly grantId: string };
export type ChangeStanding = Command & {
  readonly principalId: string;
  readonly disabled: boolean;
  readonly expectedVersion: number;
};

type Stores = { administration: AdministrationStore; organisations: OrganisationStore; ledger: Ledger };
type Outcome<T> = Result<T, AdministrationProblem>;

/** What an access policy that cannot be asked, or answers nonsense, amounts to. */
const NO_ANSWER = { allowed: false, reasonCode: 'access-policy-failed', params: {} };

/**
 * Who is let in and what they were granted, changed by administrators. Whether they may is Rego's
 * (`rego/access/administration.rego`), asked inside the transaction and under the organisation's lock, so that two
 * administrators who remove each other at the same time do not both succeed.
 */
export class AdministrationService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly authoriser: Authoriser,
    private readonly clock: Clock,
    /** The `iss` of tokens, where a command names none. */
    private readonly issuer: string,
    /** Told after a change: what was kept of who may do what is out of date. */
    private readonly changed: (orgId: string) => void = () => undefined,
  ) {}

  addPrincipal(command: AddPrincipal, by: Bearer): Promise<Outcome<AdministeredPrincipal>> {
    const { subject, kind, displayName } = command;
    const login = { issuer: command.issuer ?? this.issuer, subject };
    const fault = faultOfPrincipal({ login, displayName }) ?? proseFault(command.reason);
    if (fault) return Promise.resolve(failed(fault));
    const key = idempotencyKey(by.orgId, `principal.added ${by.principalId}`, command.idempotencyKey);
    const principal = { ...login, kind, displayName, orgId: by.orgId, principalId: uuidFromKey(key) };
    return this.step(by, async (stores, ask, at) => {
      const { administration, organisations, ledger } = stores;
      const known = await administration.principalByLogin(by.orgId, login);
      const mine = await administration.principal(by.orgId, principal.principalId);
      if (mine) return samePrincipal(mine, principal) ? ok(mine) : failed(conflict);
      if (known) return failed({ kind: 'PrincipalKnown', principalId: known.principalId });
      const denied = await ask('add-principal', { ...principal, roles: [] }, {});
      if (denied) return failed(denied);
      await organisations.addPrincipal(principal, { at, entryKey: key });
      const draft = principalAdded(principal, step(command, by, at, key));
      return this.appended(ledger, draft, () => administration.principal(by.orgId, principal.principalId));
    });
  }

  async giveGrant(command: GiveGrant, by: Bearer): Promise<Outcome<AdministeredGrant>> {
    const fault = faultOfGrant(command) ?? proseFault(command.reason);
    if (fault) return failed(fault);
    const key = idempotencyKey(by.orgId, `grant.given ${by.principalId}`, command.idempotencyKey);
    const grantId = uuidFromKey(key);
    return this.step(by, async ({ administration, organisations, ledger }, ask, at) => {
      const placed = await this.placed(administration, command, by);
      if (!placed.ok) return placed;
      const grant: Grant = { ...placed.value, grantId };
      const mine = await administration.grant(by.orgId, grantId);
      if (mine) return sameGrant(mine, grant) ? ok(mine) : failed(conflict);
      const principal = await administration.principal(by.orgId, grant.principalId);
      if (!principal) return failed({ kind: 'PrincipalNotFound', principalId: grant.principalId });
      const denied = await ask('give-grant', principal, { grant, remaining: {} });
      if (denied) return failed(denied);
      const stands = await administration.sameGrant(grant);
      if (stands) return failed({ kind: 'GrantStands', grantId: stands.grantId, role: grant.role });
      await organisations.addGrant(grant, by.principalId, { at, entryKey: key });
      const draft = grantGiven(grant, step(command, by, at, key));
      return this.appended(ledger, draft, () => administration.grant(by.orgId, grantId));
    });
  }

  async revokeGrant(command: RevokeGrant, by: Bearer): Promise<Outcome<AdministeredGrant>> {
    const fault = proseFault(command.reason);
    if (fault) return failed(fault);
    const { grantId } = command;
    const key = idempotencyKey(by.orgId, `grant.revoked ${by.principalId}`, command.idempotencyKey);
    return this.step(by, async ({ administration, ledger }, ask, at) => {
      const done = await administration.revocationBy(by.orgId, key);
      const grant = await administration.grant(by.orgId, grantId);
      if (done !== undefined) return done === grantId && grant ? ok(grant) : failed(conflict);
      if (!grant) return failed({ kind: 'GrantNotFound', grantId });
      const { principalId, role } = grant;
      const principal = await administration.principal(by.orgId, principalId);
      if (!principal) return failed({ kind: 'PrincipalNotFound', principalId });
      const remaining = await administration.remaining(by.orgId, { principalId, role });
      const denied = await ask('revoke-grant', principal, { grant, remaining });
      if (denied) return failed(denied);
      if (grant.revokedAt !== null) return failed({ kind: 'GrantOver', grantId, since: grant.revokedAt });
      await administration.addRevocation(grant, by.principalId, { at, entryKey: key });
      const draft = grantRevoked(grant, step(command, by, at, key));
      return this.appended(ledger, draft, () => administration.grant(by.orgId, grantId));
    });
  }

  async changeStanding(command: ChangeStanding, by: Bearer): Promise<Outcome<AdministeredPrincipal>> {
    const fault = proseFault(command.reason);
    if (fault) return failed(fault);
    const { principalId, disabled, expectedVersion } = command;
    const kind = disabled ? 'principal.disabled' : 'principal.enabled';
    const key = idempotencyKey(by.orgId, `${kind} ${by.principalId}`, command.idempotencyKey);
    return this.step(by, async ({ administration, ledger }, ask, at) => {
      const done = await administration.standingBy(by.orgId, key);
      const principal = await administration.principal(by.orgId, principalId);
      if (done) return done.principalId === principalId && principal ? ok(principal) : failed(conflict);
      if (!principal) return failed({ kind: 'PrincipalNotFound', principalId });
      const remaining = await administration.remaining(by.orgId, { principalId });
      const denied = await ask(disabled ? 'disable-principal' : 'enable-principal', principal, { remaining });
      if (denied) return failed(denied);
      // Whoever wants what stands already has seen another version, or does not know what they want.
      if (principal.version !== expectedVersion || principal.disabled === disabled)
        return failed({
          kind: 'PrincipalStale',
          principalId,
          expectedVersion,
          currentVersion: principal.version,
          yours: disabled ? 'DISABLED' : 'ENABLED',
          theirs: principal.disabled ? 'DISABLED' : 'ENABLED',
          changedBy: principal.changedBy,
          changedAt: principal.changedAt,
        });
      const change = { ordinal: principal.version + 1, disabled, by: by.principalId };
      await administration.addStanding(principal, change, { at, entryKey: key });
      const draft = standingChanged(principal, change, step(command, by, at, key));
      return this.appended(ledger, draft, () => administration.principal(by.orgId, principalId));
    });
  }

  /** The policy is looked up before the transaction begins: inside it no second connection may be waited for. */
  private async step<T>(
    by: Bearer,
    work: (stores: Stores, ask: Ask, at: Instant) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const asker = await this.authoriser.asker(by.orgId);
    const outcome = await this.tx<T, AdministrationProblem>(async (stores) => {
      await stores.administration.lock(by.orgId);
      return work(stores, askUnder(asker, by), this.clock.now());
    });
    if (outcome.ok) this.changed(by.orgId);
    return outcome;
  }

  private async placed(
    store: AdministrationStore,
    { principalId, role, project, requestsPerMinute, unrecordedPolicies }: GiveGrant,
    by: Actor,
  ): Promise<Outcome<Omit<Grant, 'grantId'>>> {
    const projectId = project === undefined ? undefined : await store.projectId(by.orgId, project);
    if (project !== undefined && projectId === undefined) return failed({ kind: 'ProjectNotFound', project });
    return ok({
      orgId: by.orgId,
      principalId,
      role: role as AccessRole,
      ...(projectId !== undefined && { projectId }),
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      ...(unrecordedPolicies?.length && { unrecordedPolicies: [...new Set(unrecordedPolicies)].sort() }),
    });
  }

  /** Reads what was made before the entry, because nothing may come after it. */
  private async appended<T>(
    ledger: Ledger,
    draft: EntryDraft,
    read: () => Promise<T | undefined>,
  ): Promise<Outcome<T>> {
    const made = await read();
    if (made === undefined) throw new Error(`${draft.kind}: what was written cannot be read`);
    const appended = await ledger.append(draft);
    return appended.ok ? ok(made) : appended;
  }
}

const conflict: AdministrationProblem = { kind: 'IdempotencyConflict', seq: null };

type Ask = (
  step: string,
  principal: AdministrationSubject,
  about: { readonly grant?: Grant; readonly remaining?: Readonly<Record<string, number>> },
) => Promise<Extract<AdministrationProblem, { kind: 'NotPermitted' }> | undefined>;

/** What refuses the step; undefined when nothing does. */
const askUnder =
  (asker: Asker, by: Bearer): Ask =>
  async (name, principal, about) => {
    const asked = caseAnswerShape.safeParse(
      await asker(ADMINISTRATION_ENTRYPOINT, administrationQuestion(name, by, principal, about)),
    );
    const answer = asked.success ? asked.data : NO_ANSWER;
    return answer.allowed ? undefined : { kind: 'NotPermitted', ...refused(answer) };
  };

const step = (command: Command, by: Actor, at: Instant, key: IdempotencyKey): Step => ({
  by,
  at,
  key,
  reason: command.reason,
  context: command.context,
});

const samePrincipal = (one: Principal, other: Principal): boolean =>
  loginOf(one) === loginOf(other) && one.kind === other.kind && one.displayName === other.displayName;

const sameGrant = (one: Grant, other: Grant): boolean =>
  one.principalId === other.principalId &&
  one.role === other.role &&
  one.projectId === other.projectId &&
  one.requestsPerMinute === other.requestsPerMinute &&
  String(one.unrecordedPolicies) === String(other.unrecordedPolicies);
