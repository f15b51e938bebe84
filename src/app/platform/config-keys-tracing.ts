import { z } from 'zod';
import { type ConfigKey, key, text, url } from './config-key.js';
import { Secret } from './secret.js';

/** `key=value,key2=value2`, values percent-encoded: how OpenTelemetry writes maps in variables (W3C Baggage's form). */
function readMap(written: string): Readonly<Record<string, string>> | undefined {
  const pairs = written
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? undefined : ([pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const);
    });
  try {
    return Object.fromEntries(
      pairs.map((pair) => {
        if (!pair) throw new URIError('no =');
        return [decodeURIComponent(pair[0]), decodeURIComponent(pair[1])];
      }),
    );
  } catch {
    return undefined;
  }
}

const NOT_A_MAP = 'expected key=value pairs with a comma between them, values percent-encoded';
const map = z
  .string()
  .refine((written) => readMap(written) !== undefined, { error: NOT_A_MAP })
  .transform((written) => readMap(written) ?? {})
  .optional();
/** The values are credentials; the error does not repeat them. */
const secretMap = z
  .string()
  .refine((written) => readMap(written) !== undefined, { error: NOT_A_MAP })
  .transform((written) => new Secret(JSON.stringify(readMap(written))))
  .optional();

const endpoint = url('http:', 'https:').optional();

export const TRACE_PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const protocol = z
  .enum(TRACE_PROTOCOLS, {
    error: 'expected http/protobuf or http/json; gRPC is not spoken, and a collector takes HTTP on port 4318',
  })
  .optional();

export const TRACE_SAMPLERS = [
  ...['always_on', 'always_off', 'traceidratio'],
  ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
] as const;
/** One request in ten: what `npm run bench:service` measures the cost of. */
const DEFAULT_RATIO = 0.1;

/** OpenTelemetry's own variables: those of its specification that mean something here, with its names. */
export const TRACING_KEYS = {
  traceEndpoint: key(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    [
      'Switches tracing on: an OTLP collector, e.g. `http://collector:4318`; `/v1/traces` is added.',
      'URL',
      'none: no tracing',
    ],
    endpoint,
  ),
  tracesEndpoint: key(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    ['The same with its path, for traces alone; goes first.', 'URL', 'none'],
    endpoint,
  ),
  traceHeaders: key(
    'OTEL_EXPORTER_OTLP_HEADERS',
    ['What the collector wants to see, e.g. a key; a secret.', 'key=value,…', 'none'],
    secretMap,
  ),
  tracesHeaders: key(
    'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    ['The same for traces alone; each goes before the one of that name above.', 'key=value,…', 'none'],
    secretMap,
  ),
  traceProtocol: key(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    ['How spans are written.', TRACE_PROTOCOLS.join(' | '), 'http/protobuf'],
    protocol,
  ),
  tracesProtocol: key(
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    ['The same for traces alone; goes first.', TRACE_PROTOCOLS.join(' | '), 'none'],
    protocol,
  ),
  traceService: key(
    'OTEL_SERVICE_NAME',
    ['What this is called in traces.', 'text', 'assay-api, assay-worker, assay-integrator'],
    text,
  ),
  traceResource: key(
    'OTEL_RESOURCE_ATTRIBUTES',
    [
      'More that is said of this process with its spans, e.g. deployment.environment.name=production.',
      'key=value,…',
      'none',
    ],
    map,
  ),
  traceSampler: key(
    'OTEL_TRACES_SAMPLER',
    [
      'Which requests are traced. With `parentbased_…` the caller’s `traceparent` decides where there is one.',
      TRACE_SAMPLERS.join(' | '),
      'parentbased_traceidratio',
    ],
    z.enum(TRACE_SAMPLERS).default('parentbased_traceidratio'),
  ),
  traceRatio: key(
    'OTEL_TRACES_SAMPLER_ARG',
    [
      'With a sampler `…traceidratio`: the share of requests that is traced, from 0 to 1.',
      'number',
      String(DEFAULT_RATIO),
    ],
    z
      .string()
      .refine((value) => /^(0|1|[01]?\.\d{1,9})$/.test(value) && Number(value) <= 1, {
        error: 'expected a number from 0 to 1, e.g. 0.1',
      })
      .transform(Number)
      .default(DEFAULT_RATIO),
  ),
  tracesExporter: key(
    'OTEL_TRACES_EXPORTER',
    ['`none` switches tracing off, whatever the rest says.', 'otlp | none', 'otlp'],
    z
      .enum(['otlp', 'none'], {
        error: 'expected otlp or none; traces are written to an OTLP collector only',
      })
      .default('otlp'),
  ),
  traceDisabled: key(
    'OTEL_SDK_DISABLED',
    ['`true` does so, too.', 'true | false', 'false'],
    z
      .string()
      .refine((value) => /^(true|false)$/i.test(value), { error: 'expected true or false' })
      .transform((value) => value.toLowerCase() === 'true')
      .default(false),
  ),
} as const satisfies Record<string, ConfigKey>;
