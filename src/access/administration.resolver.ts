import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  AccessExplained,
  AddPrincipalInput,
  AddPrincipalResult,
  ChangePrincipalInput,
  ChangePrincipalResult,
  ExplainAccessResult,
  GiveGrantInput,
  GiveGrantResult,
  Grant as SdlGrant,
  Principal as SdlPrincipal,
  RevokeGrantInput,
  RevokeGrantResult,
  ViewerCan,
} from '../api/generated.js';
import { badRequest, present } from '../api/present.js';
import { showRefused } from '../api/refused.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { AccessRole } from '../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import { AdministrationDesk, type ExplainedAccess } from './administration-desk.service.js';
import { ADMINISTRATION_MESSAGES, type AdministrationProblem } from './administration-problem.js';
import type { ListedGrant, ListedPrincipal } from './administration.read.js';
import { AdministrationService } from './administration.service.js';
import { AUTHORISE } from './authoriser.service.js';
import type { Bearer, PrincipalKind } from './organisation.js';

type ShownPrincipal = Omit<SdlPrincipal, 'viewerCan'> & { readonly principal: ListedPrincipal };
type ShownGrant = Omit<SdlGrant, 'viewerCan'> & { readonly grant: ListedGrant };
interface ListArguments {
  first: number;
  after?: string | null;
}

/** Principals and grants. */
@Resolver()
export class AdministrationResolver {
  constructor(
    private readonly administration: AdministrationService,
    private readonly desk: AdministrationDesk,
  ) {}

  @Query()
  @Requires('access.read', 'anywhere')
  async explainAccess(
    @Args() args: { permission: string; principalId?: string | null; project?: string | null },
    @Caller() actor: Bearer,
  ): Promise<ExplainAccessResult> {
    const explained = await this.desk.explain(
      {
        permission: args.permission,
        ...(args.principalId == null ? {} : { principalId: args.principalId }),
        ...(args.project == null ? {} : { project: args.project }),
      },
      actor,
    );
    return explained.ok
      ? (showExplained(explained.value) as unknown as AccessExplained)
      : (showProblem(explained.problem) as ExplainAccessResult);
  }

  @Query()
  @Requires('principal.read')
  async principals(
    @Args() args: ListArguments & { kind?: SdlPrincipal['kind'] | null; disabled?: boolean | null },
    @Caller() actor: Bearer,
  ) {
    const filter = {
      ...(args.kind == null ? {} : { kind: args.kind.toLowerCase() as PrincipalKind }),
      ...(args.disabled == null ? {} : { disabled: args.disabled }),
    };
    return connection(await this.desk.principals(actor, filter, pageOf(args)), showPrincipal);
  }

  @Query()
  @Requires('principal.read')
  async principal(@Args('id') id: string, @Caller() actor: Bearer): Promise<ShownPrincipal | null> {
    const found = await this.desk.principal(actor, id);
    return found ? showPrincipal(found) : null;
  }

  @Query()
  @Requires('principal.read')
  async grants(
    @Args()
    args: ListArguments & {
      principalId?: string | null;
      role?: string | null;
      project?: string | null;
      inForce: boolean;
    },
    @Caller() actor: Bearer,
  ) {
    const filter = {
      inForce: args.inForce,
      ...(args.principalId == null ? {} : { principalId: args.principalId }),
      ...(args.role == null ? {} : { role: args.role }),
      ...(args.project == null ? {} : { project: args.project }),
    };
    return connection(await this.desk.grants(actor, filter, pageOf(args)), showGrant);
  }

  @Mutation()
  @Requires('principal.manage')
  async addPrincipal(
    @Args('input') { issuer, subject, kind, displayName, ...input }: AddPrincipalInput,
    @Caller() actor: Bearer,
  ): Promise<AddPrincipalResult | ShownPrincipal> {
    const added = await this.administration.addPrincipal(
      {
        ...commandOf(input),
        subject,
        ...(issuer == null ? {} : { issuer }),
        kind: kind.toLowerCase() as PrincipalKind,
        displayName,
      },
      actor,
    );
    return (await this.#principal(added, actor)) as AddPrincipalResult | ShownPrincipal;
  }

  @Mutation()
  @Requires('principal.manage')
  disablePrincipal(
    @Args('input') input: ChangePrincipalInput,
    @Caller() actor: Bearer,
  ): Promise<ChangePrincipalResult | ShownPrincipal> {
    return this.#change(input, true, actor);
  }

  @Mutation()
  @Requires('principal.manage')
  enablePrincipal(
    @Args('input') input: ChangePrincipalInput,
    @Caller() actor: Bearer,
  ): Promise<ChangePrincipalResult | ShownPrincipal> {
    return this.#change(input, false, actor);
  }

  @Mutation()
  @Requires('grant.manage', { project: 'input.project' })
  async giveGrant(
    @Args('input')
    { principalId, role, project, requestsPerMinute, unrecordedPolicies, ...input }: GiveGrantInput,
    @Caller() actor: Bearer,
  ): Promise<GiveGrantResult | ShownGrant> {
    const given = await this.administration.giveGrant(
      {
        ...commandOf(input),
        principalId,
        role,
        ...(project == null ? {} : { project }),
        ...(requestsPerMinute == null ? {} : { requestsPerMinute }),
        ...(unrecordedPolicies == null ? {} : { unrecordedPolicies }),
      },
      actor,
    );
    return (await this.#grant(given, actor)) as GiveGrantResult | ShownGrant;
  }

  @Mutation()
  @Requires('grant.manage', { grant: 'input.grantId' })
  async revokeGrant(
    @Args('input') { grantId, ...input }: RevokeGrantInput,
    @Caller() actor: Bearer,
  ): Promise<RevokeGrantResult | ShownGrant> {
    const revoked = await this.administration.revokeGrant({ ...commandOf(input), grantId }, actor);
    return (await this.#grant(revoked, actor)) as RevokeGrantResult | ShownGrant;
  }

  async #change(
    { principalId, expectedVersion, ...input }: ChangePrincipalInput,
    disabled: boolean,
    actor: Bearer,
  ): Promise<ChangePrincipalResult | ShownPrincipal> {
    const command = { ...commandOf(input), principalId, expectedVersion, disabled };
    const changed = await this.administration.changeStanding(command, actor);
    return (await this.#principal(changed, actor)) as ChangePrincipalResult | ShownPrincipal;
  }

  async #principal(result: Result<{ principalId: string }, AdministrationProblem>, actor: Bearer) {
    if (!result.ok) return showProblem(result.problem);
    const found = await this.desk.principal(actor, result.value.principalId);
    if (!found) throw new Error(`principal ${result.value.principalId} is on record and has no row`);
    return { __typename: 'Principal', ...showPrincipal(found) };
  }

  async #grant(result: Result<{ grantId: string }, AdministrationProblem>, actor: Bearer) {
    if (!result.ok) return showProblem(result.problem);
    const found = await this.desk.grant(actor, result.value.grantId);
    if (!found) throw new Error(`grant ${result.value.grantId} is on record and has no row`);
    return { __typename: 'Grant', ...showGrant(found) };
  }
}

@Resolver('Principal')
export class PrincipalResolver {
  constructor(private readonly desk: AdministrationDesk) {}

  @ResolveField()
  async viewerCan(
    @Parent() { principal }: ShownPrincipal,
    @Caller() actor: Bearer,
  ): Promise<readonly ViewerCan[]> {
    return this.desk.stepsOnPrincipal(principal, actor);
  }
}

@Resolver('Grant')
export class GrantResolver {
  constructor(private readonly desk: AdministrationDesk) {}

  @ResolveField()
  async viewerCan(@Parent() { grant }: ShownGrant, @Caller() actor: Bearer): Promise<readonly ViewerCan[]> {
    return this.desk.stepsOnGrant(grant, actor);
  }
}

const pageOf = ({ first, after }: ListArguments): PageRequest => ({
  first,
  ...(after == null ? {} : { after }),
});

function connection<T, S>(page: Result<Page<T>, InvalidCursor>, show: (item: T) => S) {
  if (!page.ok) throw badRequest(`after is not a cursor of ours: ${page.problem.given}`);
  const { items, totalCount, endCursor, hasNextPage } = page.value;
  return { nodes: items.map(show), totalCount, pageInfo: { endCursor, hasNextPage } };
}

const commandOf = ({
  reason,
  context,
  idempotencyKey,
}: Pick<RevokeGrantInput, 'reason' | 'context' | 'idempotencyKey'>) => ({
  reason,
  context: contextOf(context),
  idempotencyKey,
});

const KINDS = { person: 'PERSON', service: 'SERVICE', agent: 'AGENT' } as const;

const showPrincipal = (principal: ListedPrincipal): ShownPrincipal => ({
  __typename: 'Principal',
  principal,
  id: principal.principalId,
  kind: KINDS[principal.kind],
  issuer: principal.issuer,
  subject: principal.subject,
  displayName: principal.displayName,
  addedAt: principal.addedAt,
  standing: principal.disabled ? 'DISABLED' : 'ENABLED',
  version: principal.version,
  standingChangedAt: principal.changedAt,
  standingChangedBy: principal.changedBy,
  roles: [...principal.roles],
});

const showGrant = (grant: ListedGrant): ShownGrant => ({
  __typename: 'Grant',
  grant,
  id: grant.grantId,
  principalId: grant.principalId,
  role: grant.role,
  project: grant.project,
  requestsPerMinute: grant.requestsPerMinute ?? null,
  unrecordedPolicies: [...(grant.unrecordedPolicies ?? [])],
  grantedAt: grant.grantedAt,
  grantedBy: grant.grantedBy,
  revokedAt: grant.revokedAt,
  revokedBy: grant.revokedBy,
});

function showExplained({ permission, principalId, project, answer, policy, held }: ExplainedAccess) {
  const { allowed, reasonCode, roles, rule } = answer;
  return {
    __typename: 'AccessExplained',
    permission,
    principalId,
    project,
    allowed,
    reason: { code: reasonCode, params: {}, text: rule?.message ?? reasonCode },
    rule:
      policy && rule
        ? {
            policyId: policy.policyId,
            policyVersion: policy.version,
            policyDigest: policy.digest,
            ruleId: rule.ruleId,
            title: rule.title,
            entrypoint: AUTHORISE,
          }
        : null,
    roles: held.map(({ role, grants }: { role: AccessRole; grants: readonly ListedGrant[] }) => ({
      role,
      permits: roles.includes(role),
      grants: grants.map(showGrant),
    })),
    remedy: allowed ? null : (rule?.remediation ?? null),
  };
}

function showProblem(problem: AdministrationProblem): object {
  return problem.kind === 'NotPermitted' ? showRefused(problem) : present(problem, ADMINISTRATION_MESSAGES);
}
