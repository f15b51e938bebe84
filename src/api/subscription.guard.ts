import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import { GraphQLError, Kind, type GraphQLResolveInfo } from 'graphql';
import { refuseCostly } from './limits.js';
import { refuseUnstorable } from './storable-text.js';

/**
 * Global: holds a subscription to the limits of a query. Mercurius has a hook for the latter that knows the variables;
 * of a subscription they are only known where it begins.
 */
@Injectable()
export class SubscriptionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType<GqlContextType>() !== 'graphql') return true;
    const info = context.getArgByIndex<GraphQLResolveInfo>(3);
    if (info.parentType.name !== 'Subscription') return true;
    const { schema, operation, fragments, variableValues } = info;
    const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const;
    try {
      refuseUnstorable(document, variableValues);
      refuseCostly(schema, document, variableValues);
    } catch (error) {
      // Execution has begun by now, after which a mistake without a code would pass for ours.
      if (error instanceof GraphQLError) error.extensions['code'] = 'BAD_REQUEST';
      throw error;
    }
    return true;
  }
}
