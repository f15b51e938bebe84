import { HttpException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { BUSY_MESSAGE, isBusy } from './busy.js';
import { OPERATION_NOT_FOUND } from './persisted-operations.js';

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
  503: 'OVERLOADED',
  507: 'STORAGE_LOW',
};
/** What proxies and clients know to come again after, by the header `Retry-After`. */
const COME_AGAIN: readonly number[] = [429, 503];

type Caused = Error & {
  originalError?: Caused;
  errors?: readonly GraphQLError[];
  code?: string;
  statusCode?: number;
};

/**
 * What a caller may see of an error. Expected outcomes never come here (they are union members); what does is
 * the caller's mistake in the request itself, a refusal, or our fault – and our faults are masked: one message
 * and the request's id, under which the log has the rest. Mercurius masks nothing by itself.
 */
export function publicErrors(error: GraphQLError, requestId: string): GraphQLError[] {
  const root = rootOf(error);
  if (root.errors) return root.errors.map((each) => coded(each, 'BAD_REQUEST')); // validation: one cause, many errors
  const byCaller =
    root instanceof GraphQLError || root.code?.startsWith('MER_ERR_') === true || isUnread(root);
  // Mercurius says the same code of an empty text, which is no operation at all: only the words differ.
  if (root.code === 'MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND' && root.message === OPERATION_NOT_FOUND)
    return [coded(error, 'PERSISTED_QUERY_NOT_FOUND')];
  // Syntax, variables, scalars, depth: no path yet. A path means that execution had begun: ours.
  if (byCaller && error.path === undefined) return [coded(error, 'BAD_REQUEST')];
  // An edge refused an argument in so many words.
  if (root instanceof GraphQLError && root.extensions['code'] === 'BAD_REQUEST')
    return [coded(error, 'BAD_REQUEST')];
  const code = root instanceof HttpException ? CODES[root.getStatus()] : undefined;
  if (code) return [coded(error, code, { extensions: factsOf(root as HttpException) })];
  if (isBusy(root)) return [coded(error, 'BUSY', { message: BUSY_MESSAGE })];
  const message = `Internal error; the log has it under request ${requestId}`;
  return [coded(error, 'INTERNAL', { message })];
}

/** 200 for whatever became a query; the server's own status for a body that it refused to read, 429 and 503. */
export function httpStatus(error: GraphQLError | undefined): number {
  const root = error && rootOf(error);
  if (root instanceof HttpException && COME_AGAIN.includes(root.getStatus())) return root.getStatus();
  if (isBusy(root)) return 503;
  return root && isUnread(root) ? (root.statusCode ?? 400) : 200;
}

/** Too large, not JSON, of another content type: refused before GraphQL saw it. */
const isUnread = (root: Caused): boolean => root.code?.startsWith('FST_ERR_CTP_') === true;

function rootOf(error: GraphQLError): Caused {
  let root = error as Caused;
  while (root.originalError) root = root.originalError;
  return root;
}

/** True when an error is our fault and belongs in the log with its cause. */
export const isInternal = (error: GraphQLError): boolean => error.extensions['code'] === 'INTERNAL';

/** What a refusal says beside its text, such as when to come again, or what would be needed. */
function factsOf(refusal: HttpException): object {
  const response = refusal.getResponse();
  if (typeof response === 'string') return {};
  if (refusal.getStatus() === 403) return { refusal: (response as { refusal?: object }).refusal };
  if (!COME_AGAIN.includes(refusal.getStatus())) return {};
  const { limit, retryAfterSeconds } = response as { limit?: number; retryAfterSeconds?: number };
  return { limit, retryAfterSeconds };
}

const coded = (
  e: GraphQLError,
  code: string,
  { message = e.message, extensions = {} }: { message?: string; extensions?: object } = {},
): GraphQLError =>
  new GraphQLError(message, {
    nodes: e.nodes ?? null,
    source: e.source ?? null,
    positions: e.positions ?? null,
    path: e.path ?? null,
    extensions: { ...(code === 'INTERNAL' ? {} : e.extensions), ...extensions, code },
  });
