import type { Actor } from '../kernel/actor.js';
import { digestOf } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, newUuid } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { actedBy } from '../ledger/acted.js';
import type { Appender } from '../ledger/appender.service.js';
import type { AccessAnswer, Authoriser } from './authoriser.service.js';
import type { Bearer, Organisation, Principal, Project, ProjectRoles } from './organisation.js';
import type { Permission } from './permission.js';
import type { About, ProjectOf } from './project-of.port.js';
import type { Narrowing } from './narrowing.service.js';
import type { PrincipalRead } from './principal.read.js';
import type { TokenVerifier } from './token-verifier.port.js';
import type { TokenProblem } from './token.js';

/** Why nobody was recognised. The reason is safe to show: it says nothing about other principals. */
export interface Unauthenticated {
  readonly kind: 'Unauthenticated';
  readonly reason: string;
}

/** What the policy said, and as whom the bearer goes on: with their roles in the project, where those counted. */
export interface Permitted {
  readonly answer: AccessAnswer;
  readonly as: Bearer;
  /** Where nothing but roles in projects permits it: those projects. Undefined: everywhere in the organisation. */
  readonly within?: Narrowing;
}

/** Turns an Authorization header into an actor, and asks the access policy on the actor's behalf. */
export class AuthenticationService {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly principals: PrincipalRead,
    private readonly authoriser: Authoriser,
    private readonly ledger: Pick<Appender<never>, 'append'>,
    private readonly projectOf: ProjectOf,
    private readonly clock: Clock,
  ) {}

  async authenticate(authorization: string | undefined): Promise<Result<Bearer, Unauthenticated>> {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return refuse({ kind: 'TokenMissing' });
    const verified = await this.verifier.verify(token);
    if (!verified.ok) return refuse(verified.problem);
    const { authTime, amr, ...claims } = verified.value;
    const known = await this.principals.byClaims(claims);
    if (!known)
      return refuse({ kind: 'TokenInvalid', reason: 'the bearer is not known in this organisation' });
    const { disabled, ...bearer } = known;
    if (disabled) return refuse({ kind: 'TokenInvalid', reason: 'the bearer was shut out' });
    return ok({
      ...bearer,
      ...(authTime === undefined ? {} : { authTime }),
      ...(amr === undefined ? {} : { amr }),
    });
  }

  /**
   * Denials are recorded; what is allowed shows in what it did. A denial that could not be recorded because the
   * ledger is busy stays a refusal, under that reason: whoever floods us with them learns nothing more.
   */
  async permits(
    bearer: Bearer,
    permission: Permission,
    about?: readonly About[] | 'anywhere',
  ): Promise<Permitted> {
    const permitted = await this.permitted(bearer, permission, about);
    const { answer } = permitted;
    if (answer.allowed || (await this.recordDenial(bearer, permission, answer.reasonCode))) return permitted;
    return { ...permitted, answer: { allowed: false, reasonCode: 'LEDGER_BUSY', roles: [] } };
  }

  /**
   * Roles that are held everywhere first; then those in the project of what the question is about, which are the
   * bearer's roles from there on. Of several things each must permit it, and only roles held in all their projects
   * are carried on.
   */
  private async permitted(
    bearer: Bearer,
    permission: Permission,
    about?: readonly About[] | 'anywhere',
  ): Promise<Permitted> {
    const answer = await this.authoriser.may(bearer, permission);
    if (answer.allowed || bearer.projectRoles.length === 0 || about === undefined)
      return { answer, as: bearer };
    if (about === 'anywhere') {
      const answers = await this.mayIn(bearer, permission, bearer.projectRoles);
      const allowed = bearer.projectRoles.filter((_, place) => answers[place]?.allowed);
      if (allowed.length === 0) return { answer, as: bearer };
      return {
        answer: answers.find((each) => each.allowed) ?? answer,
        as: bearer,
        within: withinOf(allowed),
      };
    }
    const ids = await Promise.all(about.map((thing) => this.projectOf.projectId(bearer.orgId, thing)));
    const held = [...new Set(ids.filter((id) => id !== null))].map((id) =>
      bearer.projectRoles.find(({ projectId }) => projectId === id),
    );
    const [first] = held;
    if (!first || !held.every((each) => each !== undefined)) return { answer, as: bearer };
    const answers = await this.mayIn(bearer, permission, held);
    const refused = answers.find(({ allowed }) => !allowed);
    if (refused) return { answer: refused, as: bearer };
    const shared = first.roles.filter((role) => held.every(({ roles }) => roles.includes(role)));
    const roles = [...new Set([...bearer.roles, ...shared])].sort();
    return { answer: answers[0] ?? answer, as: { ...bearer, roles }, within: withinOf(held) };
  }

  private mayIn(
    bearer: Bearer,
    permission: Permission,
    projects: readonly ProjectRoles[],
  ): Promise<readonly AccessAnswer[]> {
    return Promise.all(projects.map((project) => this.authoriser.may(bearer, permission, project)));
  }

  /** The policy's answer for showing what a caller may do; nothing is recorded. */
  may(actor: Actor, permission: Permission): Promise<AccessAnswer> {
    return this.authoriser.may(actor, permission);
  }

  async whoIs(actor: Actor): Promise<{ principal: Principal; organisation: Organisation }> {
    const viewer = await this.principals.viewer(actor.orgId, actor.principalId);
    if (!viewer) throw new Error('the authenticated principal has disappeared');
    return viewer;
  }

  /** All where the bearer may see all, otherwise those in which they have a role. */
  async projects(bearer: Bearer): Promise<readonly Project[]> {
    const projects = await this.principals.projects(bearer.orgId);
    if ((await this.authoriser.may(bearer, 'project.read')).allowed) return projects;
    const theirs = new Set(bearer.projectRoles.map(({ projectId }) => projectId));
    return projects.filter(({ projectId }) => theirs.has(projectId));
  }

  /** False when it was not taken on. */
  private async recordDenial(actor: Actor, permission: Permission, reasonCode: string): Promise<boolean> {
    const details = { permission, reasonCode, roles: [...actor.roles] };
    const at = this.clock.now();
    const appended = await this.ledger.append({
      orgId: actor.orgId,
      kind: 'access.denied',
      actor: { principalId: actor.principalId },
      subjects: [{ name: permission, digest: digestOf(details) }],
      facts: { tsStart: at, tsEnd: at, ...actedBy(actor), result: 'DENIED', details },
      key: idempotencyKey(actor.orgId, 'access.denied', newUuid()),
    });
    return appended.ok || appended.problem.kind !== 'LedgerBusy';
  }
}

const withinOf = (projects: readonly ProjectRoles[]): Narrowing =>
  projects.map(({ projectId }) => projectId).sort();

function refuse(problem: TokenProblem): Result<never, Unauthenticated> {
  switch (problem.kind) {
    case 'TokenMissing':
      return failed({ kind: 'Unauthenticated', reason: 'a bearer token is required' });
    case 'TokenExpired':
      return failed({ kind: 'Unauthenticated', reason: 'the token has expired' });
    case 'TokenInvalid':
      return failed({ kind: 'Unauthenticated', reason: `the token is not valid: ${problem.reason}` });
  }
}
