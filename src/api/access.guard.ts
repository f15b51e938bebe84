import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { GqlContextType } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { AuthenticationService } from '../access/authentication.service.js';
import { narrowed } from '../access/narrowing.service.js';
import { RateLimiter } from '../access/rate-limiter.service.js';
import type { Bearer } from '../access/organisation.js';
import type { AccessAnswer } from '../access/authoriser.service.js';
import { refusalText } from '../kernel/refusal.js';
import type { Permission } from '../access/permission.js';
import { admit } from './admission.js';
import { refusalFacts } from './refused.js';
import { requestOf, rootNameOf } from './caller.js';
import { namedIn } from './place.js';
import { PERMISSION_KEY, PLACE_KEY, PUBLIC_KEY, UNCOUNTED_KEY, type Place } from './requires.js';

const ROOT_TYPES = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * Global, deny by default: a root field or route without a permission is refused to everybody. A field below
 * the root stands under its parent's permission unless it demands one of its own.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: AuthenticationService,
    private readonly limiter: RateLimiter,
  ) {}

  /** Asks in the name of the house: where a thing lies must be known before anything is narrowed to it. */
  canActivate(context: ExecutionContext): Promise<boolean> {
    return narrowed(undefined, () => this.judge(context));
  }

  private async judge(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_KEY, targets)) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION_KEY, targets);
    if (!permission && !isRoot(context)) return true;

    const request = requestOf(context);
    request.actor ??= await actorOf(this.authentication, request.headers.authorization);
    if (!this.reflector.getAllAndOverride<boolean | undefined>(UNCOUNTED_KEY, targets))
      await admit(this.limiter, request);
    if (!permission) throw new ForbiddenException('this field demands no permission and is therefore closed');
    const place = this.reflector.getAllAndOverride<Place | undefined>(PLACE_KEY, targets);
    const about = place === 'anywhere' ? place : place && namedIn(place, argumentsOf(context));
    const root = rootNameOf(context);
    const actor = request.fieldActors?.get(root) ?? request.actor;
    const answers = (request.answers ??= new Map());
    const question = JSON.stringify([permission, about, actor === request.actor ? '' : root]);
    const asked = answers.get(question) ?? this.authentication.permits(actor, permission, about);
    answers.set(question, asked);
    const { answer, as, within } = await asked;
    if (!answer.allowed) throw new ForbiddenException(refusalOf(permission, answer));
    if (within) (request.within ??= new Map()).set(root, within);
    if (as !== request.actor) (request.fieldActors ??= new Map()).set(root, as);
    return true;
  }
}

/** What is thrown: the code first, for whoever reads one line; all that the policy says of it as data. */
function refusalOf(permission: Permission, { reasonCode, ...answer }: AccessAnswer): object {
  const no = { ...answer, reasonCode, params: {} };
  const said = answer.refusedBy || answer.needed ? ` ${refusalText(no)}` : '';
  return {
    statusCode: 403,
    error: 'Forbidden',
    message: `${permission}: ${reasonCode}${said === '' ? '' : '.'}${said}`,
    refusal: { permission, reasonCode, ...refusalFacts(no) },
  };
}

/** Who sends this Authorization header; throws a 401 that says why nobody was recognised. */
export async function actorOf(
  authentication: AuthenticationService,
  header: string | undefined,
): Promise<Bearer> {
  const authenticated = await authentication.authenticate(header);
  if (!authenticated.ok) throw new UnauthorizedException(authenticated.problem.reason);
  return authenticated.value;
}

const argumentsOf = (context: ExecutionContext): unknown =>
  context.getType<GqlContextType>() === 'graphql'
    ? context.getArgByIndex(1)
    : context.switchToHttp().getRequest<{ query: unknown }>().query;

function isRoot(context: ExecutionContext): boolean {
  if (context.getType<GqlContextType>() !== 'graphql') return true;
  return ROOT_TYPES.has(context.getArgByIndex<GraphQLResolveInfo>(3).parentType.name);
}
