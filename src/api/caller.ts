import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { GraphQLResolveInfo } from 'graphql';
import type { Narrowing } from '../access/narrowing.service.js';
import type { Permitted } from '../access/authentication.service.js';
import type { Rate } from '../access/rate-limiter.service.js';
import type { Bearer } from '../access/organisation.js';

/** A request after the access guard has established who asks. */
export type AuthenticatedRequest = FastifyRequest & {
  actor?: Bearer;
  /** How the request stands under its caller's limit; null where there is none, undefined before it was counted. */
  rate?: Rate | null;
  /** What the access policy has said in this request, so that asking for one field many times is one question. */
  answers?: Map<string, Promise<Permitted>>;
  /** Who asks under a root field, by its name in the answer: with their roles in the project it is about. */
  fieldActors?: Map<string, Bearer>;
  /** To which projects what a root field does is narrowed, by its name in the answer; none where it is not. */
  within?: Map<string, NonNullable<Narrowing>>;
};

export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  if (context.getType<GqlContextType>() !== 'graphql') return context.switchToHttp().getRequest();
  return GqlExecutionContext.create(context).getContext<{ req: AuthenticatedRequest }>().req;
}

/** The name under which the answer shows the root field that this is or belongs to; empty for an HTTP route. */
export const rootNameOf = (context: ExecutionContext): string =>
  context.getType<GqlContextType>() === 'graphql' ? rootOf(context.getArgByIndex<GraphQLResolveInfo>(3)) : '';

/** The same, for GraphQL's own resolvers. */
export function rootOf({ path: whole }: Pick<GraphQLResolveInfo, 'path'>): string {
  let path = whole;
  while (path.prev) path = path.prev;
  return String(path.key);
}

/** Injects the authenticated actor. Absent only when a guard was forgotten: a bug, hence an exception. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Bearer => {
  const request = requestOf(context);
  const actor = request.fieldActors?.get(rootNameOf(context)) ?? request.actor;
  if (!actor) throw new Error('no actor on the request: the access guard did not run');
  return actor;
});
