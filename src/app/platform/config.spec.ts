import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { INTAKE_KEYS } from './config-keys-intake.js';
import { OPERATION_KEYS } from './config-keys-operation.js';
import { PLACE_KEYS } from './config-keys-place.js';
import { TRACING_KEYS } from './config-keys-tracing.js';
import { TRUST_KEYS } from './config-keys-trust.js';
import { CONFIG_KEYS } from './config-keys.js';
import { ConfigInvalid, loadConfig } from './config.js';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment, '/srv/assay');
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('needs nothing: an embedded database, demo keys, loopback', () => {
    expect(loadConfig({}, '/srv/assay')).toMatchObject({
      embedded: true,
      demo: true,
      host: '127.0.0.1',
      port: undefined,
      dataDir: '/srv/assay/.assay',
      decisionKeyFile: '/srv/assay/.assay/keys/decision.pem',
      uploadLimitBytes: 1_073_741_824,
      jwtAlgorithm: 'ES256',
    });
  });

  it('names every bad variable at once', () => {
    const problems = problemsOf({
      DATABASE_URL: 'mysql://x',
      ASSAY_PORT: '80 80',
      ASSAY_JWT_ALGORITHM: 'none',
      ASSAY_METRICS_TOKEN: 'short',
      ASSAY_UPLOAD_LIMIT_BYTES: '-1',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'DATABASE_URL',
      'ASSAY_PORT',
      'ASSAY_JWT_ALGORITHM',
      'ASSAY_UPLOAD_LIMIT_BYTES',
      'ASSAY_METRICS_TOKEN',
    ]);
  });

  it('with a database of its own wants a real issuer and a log origin, unless demo is asked for', () => {
    const external = { DATABASE_URL: 'postgres://db/assay' };
    expect(problemsOf(external)).toHaveLength(2);
    expect(problemsOf({ ...external, ASSAY_DEMO: 'true' })).toEqual([]);
    const real = { ASSAY_JWT_PUBLIC_KEY_FILE: 'idp.pem', ASSAY_LOG_ORIGIN: 'log.example.org' };
    expect(problemsOf({ ...external, ...real })).toEqual([]);
    expect(loadConfig({ ...external, ...real }, '/srv/assay')).toMatchObject({
      embedded: false,
      demo: false,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig({ DATABASE_URL: '', ASSAY_PORT: '' }, '/srv/assay').embedded).toBe(true);
  });

  it('takes OpenTelemetry’s variables as its specification has them, and names what is wrong in them', () => {
    const config = loadConfig(
      {
        ...{ OTEL_SDK_DISABLED: 'True', OTEL_TRACES_SAMPLER: 'always_on', OTEL_TRACES_SAMPLER_ARG: '.25' },
        OTEL_RESOURCE_ATTRIBUTES: 'team=shop, where=a%2Cb ,',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=hunter2',
      },
      '/srv/assay',
    );
    expect(config).toMatchObject({
      ...{ traceDisabled: true, traceSampler: 'always_on', traceRatio: 0.25 },
      traceResource: { team: 'shop', where: 'a,b' },
    });
    expect(inspect(config)).not.toContain('hunter2');
    expect(loadConfig({}, '/srv/assay')).toMatchObject({
      ...{ traceSampler: 'parentbased_traceidratio', traceRatio: 0.1, traceEndpoint: undefined },
    });
    const problems = problemsOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
      OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_RESOURCE_ATTRIBUTES: 'a=%zz',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '10',
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_SDK_DISABLED: 'yes',
    });
    expect(problems).toHaveLength(8);
    expect(problems.join()).toContain('port 4318');
    expect(problems.join()).not.toContain('hunter2');
  });

  it('prints no secret', () => {
    const config = loadConfig(
      { DATABASE_URL: 'postgres://u:hunter2@db/x', ASSAY_DEMO: 'true' },
      '/srv/assay',
    );
    expect(`${inspect(config)} ${JSON.stringify(config)} ${String(config.databaseUrl)}`).not.toContain(
      'hunter2',
    );
    expect(config.databaseUrl?.reveal()).toContain('hunter2');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('documents every key once', () => {
    const names = Object.values(CONFIG_KEYS).map((key) => key.name);
    expect(new Set(names).size).toBe(names.length);
    const parts = [PLACE_KEYS, TRUST_KEYS, INTAKE_KEYS, OPERATION_KEYS, TRACING_KEYS];
    expect(names).toHaveLength(parts.flatMap((part) => Object.keys(part)).length);
  });
});
