import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { AccessAnswer } from '../access/authoriser.service.js';
import type { Permission } from '../access/permission.js';
import type { Actor } from '../kernel/actor.js';

/** A request after the access guard has established who asks. */
export type AuthenticatedRequest = FastifyRequest & {
  actor?: Actor;
  /** What the access policy has said in this request, so that asking for one field many times is one question. */
  answers?: Map<Permission, Promise<AccessAnswer>>;
};

export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  if (context.getType<GqlContextType>() !== 'graphql') return context.switchToHttp().getRequest();
  return GqlExecutionContext.create(context).getContext<{ req: AuthenticatedRequest }>().req;
}

/** Injects the authenticated actor. Absent only when a guard was forgotten: a bug, hence an exception. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw new Error('no actor on the request: the access guard did not run');
  return actor;
});
