import { z } from 'zod';
import type { AccessRole } from '../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import { refused } from '../kernel/refusal.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { ADMINISTRATION_ENTRYPOINT, administrationQuestion } from './administration-question.js';
import type { AdministrationProblem } from './administration-problem.js';
import type {
  AdministrationRead,
  GrantFilter,
  ListedGrant,
  ListedPrincipal,
  PrincipalFilter,
} from './administration.read.js';
import type { AccessAnswer, Authoriser } from './authoriser.service.js';
import type { AccessPolicy } from './access-policy.port.js';
import type { Bearer, Project, ProjectRoles } from './organisation.js';
import { PERMISSIONS } from './permission.js';
import type { PrincipalRead } from './principal.read.js';

/** One step somebody could take, and why not. */
export interface PossibleStep {
  readonly action: string;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

export interface AskedAccess {
  readonly permission: string;
  readonly principalId?: string;
  /** Slug. */
  readonly project?: string;
}

export interface ExplainedAccess {
  readonly permission: string;
  readonly principalId: string;
  readonly project: Project | null;
  readonly answer: AccessAnswer;
  readonly policy: AccessPolicy['policy'] | null;
  readonly held: readonly { readonly role: AccessRole; readonly grants: readonly ListedGrant[] }[];
}

const answerShape = z.object({ allowed: z.boolean(), reasonCode: z.string() });
/** Roles times projects; of whoever has more grants than this, the rest is not named. */
const MAX_GRANTS = 200;

/** What administrators and auditors look at: who is let in, what they hold, and why that lets them do something. */
export class AdministrationDesk {
  constructor(
    private readonly read: AdministrationRead,
    private readonly principals_: PrincipalRead,
    private readonly authoriser: Authoriser,
  ) {}

  principals(
    { orgId }: Bearer,
    filter: PrincipalFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedPrincipal>, InvalidCursor>> {
    return this.read.principals(orgId, filter, page);
  }

  grants(
    { orgId }: Bearer,
    filter: GrantFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedGrant>, InvalidCursor>> {
    return this.read.grants(orgId, filter, page);
  }

  principal({ orgId }: Bearer, principalId: string): Promise<ListedPrincipal | undefined> {
    return this.read.principal(orgId, principalId);
  }

  grant({ orgId }: Bearer, grantId: string): Promise<ListedGrant | undefined> {
    return this.read.grant(orgId, grantId);
  }

  /** About others only for whoever the policy lets ask: `access.explain`. */
  async explain(
    { permission, principalId, project: slug }: AskedAccess,
    by: Bearer,
  ): Promise<Result<ExplainedAccess, AdministrationProblem>> {
    if (!(PERMISSIONS as readonly string[]).includes(permission))
      return failed({
        kind: 'InvalidInput',
        path: 'permission',
        expected: `one of ${PERMISSIONS.join(', ')}`,
      });
    const project = slug === undefined ? null : await this.principals_.projectBySlug(by.orgId, slug);
    if (project === undefined) return failed({ kind: 'ProjectNotFound', project: slug ?? '' });
    const asked = principalId ?? by.principalId;
    if (asked !== by.principalId) {
      const answer = await this.authoriser.may(by, 'access.explain');
      if (!answer.allowed) return failed({ kind: 'NotPermitted', ...refused({ ...answer, params: {} }) });
    }
    const principal = await this.read.principal(by.orgId, asked);
    if (!principal) return failed({ kind: 'PrincipalNotFound', principalId: asked });
    const given = await this.read.grants(
      by.orgId,
      { principalId: asked, inForce: true },
      { first: MAX_GRANTS },
    );
    const grants = (given.ok ? given.value.items : []).filter(
      ({ projectId }) => projectId === undefined || projectId === project?.projectId,
    );
    const inProject = rolesOf(grants.filter(({ projectId }) => projectId !== undefined));
    const actor = {
      orgId: by.orgId,
      principalId: asked,
      kind: principal.kind,
      roles: principal.disabled ? [] : principal.roles,
    };
    const where = project && { projectId: project.projectId, roles: principal.disabled ? [] : inProject };
    const { answer, policy } = await this.authoriser.explain(actor, permission, where ?? undefined);
    const held = rolesOf(grants).map((role) => ({
      role,
      grants: grants.filter((grant) => grant.role === role),
    }));
    return ok({ permission, principalId: asked, project, answer, policy: policy?.policy ?? null, held });
  }

  /** What the policy would say now; a step is asked again when it is taken. */
  async stepsOnPrincipal(principal: ListedPrincipal, by: Bearer): Promise<readonly PossibleStep[]> {
    const ask = await this.authoriser.asker(by.orgId);
    const action = principal.disabled ? 'enable-principal' : 'disable-principal';
    const question = administrationQuestion(action, by, principal, { remaining: principal.remaining });
    const answer = answerShape.safeParse(await ask(ADMINISTRATION_ENTRYPOINT, question));
    return [shown(action.replace('-principal', ''), answer.data)];
  }

  async stepsOnGrant(grant: ListedGrant, by: Bearer): Promise<readonly PossibleStep[]> {
    if (grant.revokedAt !== null || !grant.holder)
      return [{ action: 'revoke', allowed: false, reasonCode: 'grant-over' }];
    const ask = await this.authoriser.asker(by.orgId);
    const about = { grant, remaining: grant.remaining };
    const question = administrationQuestion('revoke-grant', by, grant.holder, about);
    const answer = answerShape.safeParse(await ask(ADMINISTRATION_ENTRYPOINT, question));
    return [shown('revoke', answer.data)];
  }

  /** What somebody's roles in each of their projects permit there. */
  async inProjects(
    by: Bearer,
  ): Promise<readonly (ProjectRoles & { readonly project: Project; readonly permissions: string[] })[]> {
    const projects = await this.principals_.projects(by.orgId);
    return Promise.all(
      by.projectRoles.flatMap((held) => {
        const project = projects.find(({ projectId }) => projectId === held.projectId);
        return project ? [this.#inProject(by, held, project)] : [];
      }),
    );
  }

  async #inProject(by: Bearer, held: ProjectRoles, project: Project) {
    const answers = await Promise.all(
      PERMISSIONS.map(async (permission) => ({
        permission,
        ...(await this.authoriser.may(by, permission, held)),
      })),
    );
    const permissions = answers.filter(({ allowed }) => allowed).map(({ permission }) => permission);
    return { ...held, project, permissions };
  }
}

const rolesOf = (grants: readonly ListedGrant[]): AccessRole[] =>
  [...new Set(grants.map(({ role }) => role))].sort();

const shown = (
  action: string,
  answer: { allowed: boolean; reasonCode: string } | undefined,
): PossibleStep => ({
  action,
  ...(answer ?? { allowed: false, reasonCode: 'access-policy-failed' }),
});
