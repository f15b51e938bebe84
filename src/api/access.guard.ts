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
import type { Actor } from '../kernel/actor.js';
import type { Permission } from '../access/permission.js';
import { requestOf } from './caller.js';
import { PERMISSION_KEY, PUBLIC_KEY } from './requires.js';

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
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_KEY, targets)) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION_KEY, targets);
    if (!permission && !isRoot(context)) return true;

    const request = requestOf(context);
    request.actor ??= await actorOf(this.authentication, request.headers.authorization);
    if (!permission) throw new ForbiddenException('this field demands no permission and is therefore closed');
    const answers = (request.answers ??= new Map());
    const asked = answers.get(permission) ?? this.authentication.permits(request.actor, permission);
    answers.set(permission, asked);
    const answer = await asked;
    if (!answer.allowed) throw new ForbiddenException(`${permission}: ${answer.reasonCode}`);
    return true;
  }
}

/** Who sends this Authorization header; throws a 401 that says why nobody was recognised. */
export async function actorOf(
  authentication: AuthenticationService,
  header: string | undefined,
): Promise<Actor> {
  const authenticated = await authentication.authenticate(header);
  if (!authenticated.ok) throw new UnauthorizedException(authenticated.problem.reason);
  return authenticated.value;
}

function isRoot(context: ExecutionContext): boolean {
  if (context.getType<GqlContextType>() !== 'graphql') return true;
  return ROOT_TYPES.has(context.getArgByIndex<GraphQLResolveInfo>(3).parentType.name);
}
