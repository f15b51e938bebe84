import type { Actor } from '../kernel/actor.js';
import { digestOf } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, newUuid } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { actedBy } from '../ledger/acted.js';
import type { Appender } from '../ledger/appender.service.js';
import type { AccessAnswer, Authoriser } from './authoriser.service.js';
import type { Organisation, Principal, Project } from './organisation.js';
import type { Permission } from './permission.js';
import type { PrincipalRead } from './principal.read.js';
import type { TokenVerifier } from './token-verifier.port.js';
import type { TokenProblem } from './token.js';

/** Why nobody was recognised. The reason is safe to show: it says nothing about other principals. */
export interface Unauthenticated {
  readonly kind: 'Unauthenticated';
  readonly reason: string;
}

/** Turns an Authorization header into an actor, and asks the access policy on the actor's behalf. */
export class AuthenticationService {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly principals: PrincipalRead,
    private readonly authoriser: Authoriser,
    private readonly ledger: Pick<Appender<never>, 'append'>,
    private readonly clock: Clock,
  ) {}

  async authenticate(authorization: string | undefined): Promise<Result<Actor, Unauthenticated>> {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return refuse({ kind: 'TokenMissing' });
    const verified = await this.verifier.verify(token);
    if (!verified.ok) return refuse(verified.problem);
    const { authTime, amr, ...claims } = verified.value;
    const actor = await this.principals.byClaims(claims);
    if (!actor)
      return refuse({ kind: 'TokenInvalid', reason: 'the bearer is not known in this organisation' });
    return ok({
      ...actor,
      ...(authTime === undefined ? {} : { authTime }),
      ...(amr === undefined ? {} : { amr }),
    });
  }

  /**
   * Denials are recorded; what is allowed shows in what it did. A denial that could not be recorded because the
   * ledger is busy stays a refusal, under that reason: whoever floods us with them learns nothing more.
   */
  async permits(actor: Actor, permission: Permission): Promise<AccessAnswer> {
    const answer = await this.authoriser.may(actor, permission);
    if (answer.allowed || (await this.recordDenial(actor, permission, answer.reasonCode))) return answer;
    return { ...answer, reasonCode: 'LEDGER_BUSY' };
  }

  /** The policy's answer for showing what a caller may do; nothing is recorded. */
  may(actor: Actor, permission: Permission): Promise<AccessAnswer> {
    return this.authoriser.may(actor, permission);
  }

  async whoIs(actor: Actor): Promise<{ principal: Principal; organisation: Organisation }> {
    const viewer = await this.principals.viewer(actor.principalId);
    if (!viewer) throw new Error('the authenticated principal has disappeared');
    return viewer;
  }

  projects(actor: Actor): Promise<readonly Project[]> {
    return this.principals.projects(actor.orgId);
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
