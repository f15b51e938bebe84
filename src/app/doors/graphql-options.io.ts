import { join } from 'node:path';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { actorOf } from '../../api/access.guard.js';
import type { AuthenticatedRequest } from '../../api/caller.js';
import { admit } from '../../api/admission.js';
import type { Overload } from '../../api/overload/overload.service.js';
import { weightOf } from '../../api/overload/weight.js';
import { persistedOperations } from '../../api/persisted-operations.js';
import { readOperations } from './operations.io.js';
import { narrowFields } from '../../api/narrow.js';
import { MAX_QUERY_DEPTH, refuseCostly, type QueryCost } from '../../api/limits.js';
import { httpStatus, isInternal, publicErrors } from '../../api/public-errors.js';
import { renewCaller, showSubscribeErrors, subscriptions, type ShowErrors } from '../../api/subscriptions.js';
import { refuseUnstorable } from '../../api/storable-text.js';
import type { Platform } from '../platform/platform.js';
import type { Services } from '../compose/services.js';
import type { TracedRequests } from '../tracing/traced-requests.js';

/**
 * Headers that no form or simple request of another site's page can send: Mercurius's two, and the one that a browser
 * itself sends with a WebSocket's handshake, which a script cannot set (RFC 6455 §11.3.1, a forbidden request-header). What
 * such a page then says on the socket is judged by its token alone: there are no cookies.
 */
const CSRF_HEADERS = ['x-mercurius-operation-name', 'mercurius-require-preflight', 'sec-websocket-key'];

/** What sees a request before GraphQL does. */
export interface AtTheDoor {
  readonly overload: Overload;
  /** Where requests are traced. */
  readonly traced?: TracedRequests | undefined;
}

/** How GraphQL is served: who may ask, what a question may cost, and what of an error is told. */
export function graphQlOptions(
  { config, logger }: Platform,
  { authentication, rateLimiter }: Services,
  { overload, traced }: AtTheDoor,
): MercuriusDriverConfig {
  const show: ShowErrors = (error, id) => {
    const shown = publicErrors(error, id);
    if (shown.some(isInternal))
      logger.error({ reqId: id, err: error.originalError ?? error }, 'internal error');
    return shown;
  };
  return {
    driver: MercuriusDriver,
    transformSchema: (schema) => showSubscribeErrors(narrowFields(schema), show),
    typePaths: [join(config.root, 'graphql', '*.graphql')],
    jit: 1,
    graphiql: false,
    persistedQueryProvider: persistedOperations(readOperations(config.root), config.onlyPersisted === true),
    queryDepth: MAX_QUERY_DEPTH,
    hooks: {
      // Before the query is even read: what is wrong with it would tell a stranger the schema, field by field.
      preParsing: async (_schema, _source, context) => {
        const { req } = context as unknown as { req: AuthenticatedRequest };
        req.actor ??= await actorOf(authentication, req.headers.authorization);
        await admit(rateLimiter, req);
      },
      preSubscriptionExecution: (_schema, _document, context) =>
        renewCaller(authentication, { limiter: rateLimiter, overload }, { context, show }),
      preExecution: async (schema, document, context, given) => {
        const { req } = context as unknown as { req: object };
        const variables = given as Record<string, unknown> | undefined;
        traced?.graphQl(req, document);
        refuseUnstorable(document, variables);
        const cost = refuseCostly(schema, document, variables);
        (context as { cost?: QueryCost }).cost = cost;
        await overload.weighs(req, weightOf(document, variables));
      },
      onResolution: (execution, context) => {
        const { cost } = context as { cost?: QueryCost };
        if (cost) execution.extensions = { ...execution.extensions, cost };
      },
    },
    subscription: subscriptions(authentication),
    csrfPrevention: { requiredHeaders: CSRF_HEADERS },
    fieldResolverEnhancers: ['guards'],
    context: (req: FastifyRequest) => ({ req }),
    errorFormatter: (result: ExecutionResult, context) => {
      const { req } = context as unknown as { req: FastifyRequest };
      const errors = (result.errors ?? []).flatMap((error) => show(error, req.id));
      traced?.graphQlFailed(req, errors[0]?.extensions['code']);
      const statusCode = httpStatus(result.errors?.[0]);
      return { statusCode, response: { data: result.data ?? null, errors } };
    },
  };
}
