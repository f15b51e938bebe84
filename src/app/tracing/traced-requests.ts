import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Span, Tracing } from './tracing.js';

/** Asked every few seconds by machines, of interest to nobody. */
const PROBES = ['/health', '/metrics'];
const GRAPHQL_ROUTE = '/graphql';
/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/: all others are `_OTHER`. */
const METHODS = new Set(['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

interface TracedRequest {
  readonly server: Span;
  graphql?: Span | undefined;
}

/** The names of operations that are known, by their texts. */
export const operationNames = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => /^(?:query|mutation|subscription)\s+(\w+)/m.exec(text)?.[1] ?? []));

/** Which spans a request has. Its path, query, headers and body are in none of them. */
export class TracedRequests {
  readonly #requests = new WeakMap<object, TracedRequest>();

  /** `operations`: names that are the product's own; what a client calls its operations is its own text. */
  constructor(
    private readonly tracing: Tracing,
    private readonly operations: ReadonlySet<string>,
  ) {}

  /** Has every request of `server` traced. To be called before other hooks are added, so that they are seen. */
  watch(server: FastifyInstance): void {
    server.addHook('onRequest', (request, _reply, done) => {
      this.begin(request);
      this.within(request, done);
    });
    // A body is read by events of the connection, which belongs to no request.
    server.addHook('preValidation', (request, _reply, done) => {
      this.within(request, done);
    });
    server.addHook('onSend', (request, _reply, _payload, done) => {
      this.#requests.get(request)?.graphql?.end();
      done();
    });
    server.addHook('onResponse', (request, reply, done) => {
      this.end(request, reply.statusCode);
      done();
    });
    server.addHook('onRequestAbort', (request, done) => {
      this.#requests.get(request)?.graphql?.end();
      this.tracing.fail(this.#requests.get(request)?.server, 'aborted');
      this.#requests.get(request)?.server.end();
      done();
    });
  }

  /** For the log line of a request, which is written when all is over. */
  logMembers(request: object): object {
    const span = this.#requests.get(request)?.server;
    return span ? this.tracing.logMembers(span) : {};
  }

  /** What a request asks for, once that is known: by the schema's names, never by its text or its variables. */
  graphQl(request: object, document: DocumentNode): void {
    const span = this.#requests.get(request)?.graphql;
    const asked = document.definitions.filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    const [operation, another] = asked;
    if (!span || !operation || another) return;
    const { name, selectionSet } = operation;
    const fields = selectionSet.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD ? [selection.name.value] : [],
    );
    span.updateName([operation.operation, fields[0] ?? ''].join(' ').trim());
    this.tracing.tell(span, {
      'graphql.operation.type': operation.operation,
      'graphql.operation.name': name && this.operations.has(name.value) ? name.value : undefined,
      'assay.graphql.fields': fields,
    });
  }

  /** That errors were answered; `code` as in `extensions.code`. */
  graphQlFailed(request: object, code: unknown): void {
    this.tracing.fail(this.#requests.get(request)?.graphql, typeof code === 'string' ? code : '_OTHER');
  }

  private begin(request: FastifyRequest): void {
    const { url, routeOptions, headers } = request;
    if (PROBES.some((probe) => url.startsWith(probe))) return;
    const method = METHODS.has(request.method) ? request.method : '_OTHER';
    const route = routeOptions.url;
    const server = this.tracing.begin(
      [method === '_OTHER' ? 'HTTP' : method, route ?? ''].join(' ').trim(),
      {
        kind: 'SERVER',
        attributes: {
          'http.request.method': method,
          'http.route': route,
          'url.scheme': request.protocol,
          'network.protocol.version': request.raw.httpVersion,
        },
      },
      headers,
    );
    if (!server) return;
    const isQuestion = route === GRAPHQL_ROUTE && method === 'POST';
    const graphql = isQuestion ? this.tracing.child(server, 'GraphQL') : undefined;
    this.#requests.set(request, { server, graphql });
  }

  private within(request: object, done: () => void): void {
    const traced = this.#requests.get(request);
    if (traced) this.tracing.within(traced.graphql ?? traced.server, done);
    else done();
  }

  private end(request: object, status: number): void {
    const server = this.#requests.get(request)?.server;
    this.tracing.tell(server, { 'http.response.status_code': status });
    if (status >= 500) this.tracing.fail(server, String(status));
    server?.end();
  }
}
