import { randomUUID } from 'node:crypto';
import type * as Sdk from '@opentelemetry/sdk-trace';
import type { Config } from '../platform/config.js';
import type { Door } from '../platform/keys.io.js';
import { readVersion } from '../platform/version.io.js';
import { SpanQueue, type Losses } from './span-queue.js';
import { Tracing } from './tracing.js';

/** Where traces go, or undefined: tracing is off, and nothing of it is loaded. */
export function traceUrl(
  config: Pick<Config, 'traceEndpoint' | 'tracesEndpoint' | 'tracesExporter' | 'traceDisabled'>,
): string | undefined {
  if (config.traceDisabled || config.tracesExporter === 'none') return undefined;
  if (config.tracesEndpoint !== undefined) return config.tracesEndpoint;
  return config.traceEndpoint && `${config.traceEndpoint.replace(/\/+$/, '')}/v1/traces`;
}

/** Opens tracing where it is configured. The command line ends too soon to be worth a trace. */
export async function openTracing(config: Config, door: Door, losses: Losses): Promise<Tracing | undefined> {
  const url = traceUrl(config);
  if (url === undefined || door === 'cli') return undefined;
  const [api, sdk, { resourceFromAttributes, defaultResource }, { W3CTraceContextPropagator }, exporter] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
      openExporter(config, url),
    ]);
  const queue = new SpanQueue(exporter, losses);
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.namespace': 'assay',
      'service.version': readVersion(config.root),
      'service.instance.id': randomUUID(),
      'assay.door': door,
      ...config.traceResource,
      'service.name': config.traceService ?? config.traceResource?.['service.name'] ?? `assay-${door}`,
    }),
  );
  const provider = new sdk.TracerProvider({
    sampler: samplerOf(sdk, config),
    resource,
    spanProcessors: [queue],
  });
  return new Tracing({
    api,
    tracer: provider.getTracer('assay', readVersion(config.root)),
    propagator: new W3CTraceContextPropagator(),
    counts: () => queue.counts,
    flush: () => queue.forceFlush(),
    shutdown: () => queue.shutdown(),
  });
}

async function openExporter(config: Config, url: string) {
  const headers = { ...headersIn(config.traceHeaders), ...headersIn(config.tracesHeaders) };
  const protocol = config.tracesProtocol ?? config.traceProtocol ?? 'http/protobuf';
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url, headers });
}

const headersIn = (secret: Config['traceHeaders']): Record<string, string> =>
  secret ? (JSON.parse(secret.reveal()) as Record<string, string>) : {};

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration */
function samplerOf(
  sdk: typeof Sdk,
  { traceSampler, traceRatio }: Pick<Config, 'traceSampler' | 'traceRatio'>,
): Sdk.Sampler {
  const [, root = traceSampler] = /^parentbased_(.*)$/.exec(traceSampler) ?? [];
  const sampler =
    root === 'always_on'
      ? new sdk.AlwaysOnSampler()
      : root === 'always_off'
        ? new sdk.AlwaysOffSampler()
        : new sdk.TraceIdRatioBasedSampler(traceRatio);
  return root === traceSampler ? sampler : new sdk.ParentBasedSampler({ root: sampler });
}
