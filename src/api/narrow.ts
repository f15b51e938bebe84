import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { Observable } from 'rxjs';
import { narrowed, type Narrowing } from '../access/narrowing.service.js';
import { requestOf, rootNameOf, rootOf, type AuthenticatedRequest } from './caller.js';

/** Global: what is behind a root field or a route sees the projects for which the guard let it pass, and no others. */
@Injectable()
export class NarrowingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const within = requestOf(context).within?.get(rootNameOf(context));
    return within ? narrowed(within, () => next.handle()) : next.handle();
  }
}

type Resolver = GraphQLFieldResolver<unknown, { readonly req?: AuthenticatedRequest }>;

/**
 * The fields below a root field are resolved by GraphQL, after it, where nothing is carried along: each is narrowed
 * as its root is. So is whatever a subscription looks up for each of its events.
 */
export function narrowFields(schema: GraphQLSchema): GraphQLSchema {
  const ofCommands = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || ofCommands.includes(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve) field.resolve = below(field.resolve as Resolver);
      if (field.subscribe) field.subscribe = events(field.subscribe as Resolver);
    }
  }
  return schema;
}

const below =
  (resolve: Resolver): Resolver =>
  (parent, args, context, info) => {
    const within = context.req?.within?.get(rootOf(info));
    return within
      ? narrowed(within, () => resolve(parent, args, context, info))
      : resolve(parent, args, context, info);
  };

const events =
  (subscribe: Resolver): Resolver =>
  async (parent, args, context, info) => {
    const told = (await subscribe(parent, args, context, info)) as AsyncIterableIterator<unknown>;
    return eachNarrowed(told, context.req?.within?.get(rootOf(info)));
  };

/** An iterator goes on in the context of whoever asks it for more. */
const eachNarrowed = (
  inner: AsyncIterableIterator<unknown>,
  to: Narrowing,
): AsyncIterableIterator<unknown> => ({
  next: () => narrowed(to, () => inner.next()),
  return: () => narrowed(to, () => inner.return?.() ?? Promise.resolve({ done: true, value: undefined })),
  [Symbol.asyncIterator]() {
    return this;
  },
});
