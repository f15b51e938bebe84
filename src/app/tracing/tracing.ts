import { AsyncLocalStorage } from 'node:async_hooks';
import type * as Api from '@opentelemetry/api';
import { errorType, tellable, type Attributes } from './attributes.js';
import type { SpanCounts } from './span-queue.js';

/** A traced piece of work, while it lasts. */
export type Span = Api.Span;

export interface Beginning {
  readonly attributes?: Attributes;
  /** INTERNAL when absent. */
  readonly kind?: 'SERVER' | 'PRODUCER' | 'CONSUMER';
}

/** Of HTTP, or made of what was sent along with a job: `traceparent` and `tracestate` (W3C Trace Context). */
export type Carrier = Readonly<Record<string, unknown>>;

/** What of OpenTelemetry is used; loaded only where tracing is on. */
export interface OpenTelemetry {
  readonly api: Pick<typeof Api, 'trace' | 'ROOT_CONTEXT' | 'SpanKind' | 'SpanStatusCode'>;
  readonly tracer: Api.Tracer;
  readonly propagator: Api.TextMapPropagator;
  readonly counts: () => SpanCounts;
  readonly flush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/**
 * Traces of one process. A trace begins where work comes in (`begin`, `root`): only there a sampler decides. All that
 * is done for it, however deep, finds the span it belongs to by itself. What is not sampled has no span: nothing is
 * carried for it, and what it does costs a look-up each time.
 */
export class Tracing {
  readonly #current = new AsyncLocalStorage<Span | undefined>();

  constructor(private readonly otel: OpenTelemetry) {}

  /** Spans that were taken by the collector, and lost. */
  get counts(): SpanCounts {
    return this.otel.counts();
  }

  /** The span that is under way here, if this is traced. */
  get current(): Span | undefined {
    return this.#current.getStore();
  }

  /** Begins a trace, or goes on with the one that `carrier` names. Undefined where it is not sampled. */
  begin(name: string, { kind, attributes }: Beginning, carrier: Carrier = {}): Span | undefined {
    const { api, propagator } = this.otel;
    const parent = propagator.extract(api.ROOT_CONTEXT, carrier, FROM_HEADERS);
    return this.start(name, { ...(kind && { kind }), ...(attributes && { attributes }) }, parent);
  }

  /** Begins a part of `of`; who begins it ends it. */
  child(of: Span, name: string, beginning: Beginning = {}): Span | undefined {
    const { api } = this.otel;
    return this.start(name, beginning, api.trace.setSpan(api.ROOT_CONTEXT, of));
  }

  /** Runs `work` as a part of `span`; of nothing where there is none. */
  within<T>(span: Span | undefined, work: () => T): T {
    return this.#current.run(span, work);
  }

  /** Does `work` as a part of what is under way, if that is traced. */
  part<T>(name: string, beginning: Beginning, work: (span: Span | undefined) => Promise<T>): Promise<T> {
    const { current } = this;
    return current ? this.during(this.child(current, name, beginning), work) : work(undefined);
  }

  /** Does `work` as the beginning of a trace, or as a part of the one that `carrier` names. */
  root<T>(
    name: string,
    beginning: Beginning & { readonly carrier?: Carrier },
    work: (span: Span | undefined) => Promise<T>,
  ): Promise<T> {
    return this.during(this.begin(name, beginning, beginning.carrier), work);
  }

  /** For a trace of which only afterwards is known that it is worth one: `since` is of `Date.now()`. */
  past(name: string, attributes: Attributes, since: number): void {
    const { api, tracer } = this.otel;
    const options = { startTime: since, attributes: tellable(attributes) };
    tracer.startSpan(name, options, api.ROOT_CONTEXT).end();
  }

  /** Does `work` within a span, and ends that. */
  async during<T>(span: Span | undefined, work: (span: Span | undefined) => Promise<T>): Promise<T> {
    if (!span) return this.within(undefined, () => work(undefined));
    try {
      return await this.within(span, () => work(span));
    } catch (error) {
      this.fail(span, errorType(error));
      throw error;
    } finally {
      span.end();
    }
  }

  /** What became of a span. */
  tell(span: Span | undefined, attributes: Attributes): void {
    span?.setAttributes(tellable(attributes));
  }

  /** That it went wrong; `type` is a code, never a message. */
  fail(span: Span | undefined, type: string): void {
    if (!span) return;
    this.tell(span, { 'error.type': type });
    span.setStatus({ code: this.otel.api.SpanStatusCode.ERROR });
  }

  /** Both know of each other: neither is a part of the other. */
  link(one: Span, other: Span): void {
    one.addLink({ context: other.spanContext() });
    other.addLink({ context: one.spanContext() });
  }

  /** What to send along with work that others will do. Empty where nothing is traced. */
  carrier(span = this.current): Readonly<Record<string, string>> {
    const carrier: Record<string, string> = {};
    if (!span) return carrier;
    const { api, propagator } = this.otel;
    propagator.inject(api.trace.setSpan(api.ROOT_CONTEXT, span), carrier, INTO_RECORD);
    return carrier;
  }

  /** Members of a log line, by which it is found from a trace. */
  logMembers(span = this.current): { trace_id?: string; span_id?: string } {
    if (!span) return {};
    const { traceId, spanId } = span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  }

  /** Hands over what has ended so far; resolves whatever comes of it. */
  flush(): Promise<void> {
    return this.otel.flush();
  }

  /** Hands over what is left, in two seconds at most. */
  shutdown(): Promise<void> {
    return this.otel.shutdown();
  }

  private start(name: string, beginning: Beginning, context: Api.Context): Span | undefined {
    const { api, tracer } = this.otel;
    const kind = api.SpanKind[beginning.kind ?? 'INTERNAL'];
    const attributes = tellable(beginning.attributes ?? {});
    const span = tracer.startSpan(name, { kind, attributes }, context);
    return span.isRecording() ? span : undefined;
  }
}

const FROM_HEADERS: Api.TextMapGetter<Carrier> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, name) => {
    const value = carrier[name];
    return typeof value === 'string' ? value : undefined; // twice the same header is none, as the recommendation has it
  },
};

const INTO_RECORD: Api.TextMapSetter<Record<string, string>> = {
  set: (carrier, name, value) => {
    carrier[name] = value;
  },
};
