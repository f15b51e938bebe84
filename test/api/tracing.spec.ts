import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import type { Tracing } from '../../src/app/tracing/tracing.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { judgeableBuild, registerBuild, report, REPORTS, uploadAll, type Build } from '../support/shop.js';

const ROOT = join(import.meta.dirname, '../..');
const EVALUATE = readFileSync(join(ROOT, 'graphql/operations/evaluate-gate.graphql'), 'utf8');
const SAMPLED = '01';
const NOT_SAMPLED = '00';
/** The SDK takes the start of a span from a clock of whole milliseconds, and its end is that and how long it took. */
const CLOCK_NS = 1_000_000n;

let receiver: OtlpReceiver;
let app: TestApplication;
let build: Build;

beforeAll(async () => {
  receiver = await OtlpReceiver.open();
  app = await openTestApplication({
    logLevel: 'info',
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=collector%20key',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  });
  build = await judgeableBuild(app);
}, 120_000);
afterAll(async () => {
  await app.close();
  await receiver.close();
});

const tracing = (): Tracing => {
  if (!app.platform.tracing) throw new Error('tracing is off');
  return app.platform.tracing;
};
const newTraceId = (): string => randomBytes(16).toString('hex');

/** Asks over HTTP as a caller who is traced. */
async function ask(traceId: string, flag: string, body: object, subject = 'service') {
  const parent = randomBytes(8).toString('hex');
  const answer = await request(app.server)
    .post('/graphql')
    .set('authorization', `Bearer ${app.tokenFor(subject)}`)
    .set('traceparent', `00-${traceId}-${parent}-${flag}`)
    .send(body);
  return { parent, answer };
}
const evaluation = (more: object = {}) => ({
  query: EVALUATE,
  variables: {
    input: { gateId: 'GATE_RELEASE', ...build, rejudge: true, idempotencyKey: randomUUID(), ...more },
  },
});
const received = async (traceId: string): Promise<ReceivedSpan[]> => {
  await new Promise((resolve) => setTimeout(resolve, 20)); // `onResponse` comes after the answer
  await tracing().flush();
  return receiver.spans.filter((span) => span.traceId === traceId);
};
const one = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const [found, another] = spans.filter((span) => span.name === name);
  if (!found || another) throw new Error(`not one ${name} in ${spans.map((s) => s.name).join()}`);
  return found;
};

describe('a gate that is asked by a caller who is traced', () => {
  const traceId = newTraceId();
  let spans: ReceivedSpan[] = [];
  let parent = '';
  let decision: { id: string; verdict: string };
  beforeAll(async () => {
    const asked = await ask(traceId, SAMPLED, evaluation());
    parent = asked.parent;
    decision = asked.answer.body.data.evaluateGate;
    spans = await received(traceId);
  });

  it('is a part of the caller’s trace, from the request down to the commit', () => {
    const server = one(spans, 'POST /graphql');
    const question = one(spans, 'mutation evaluateGate');
    const gate = one(spans, 'evaluate gate');
    const recording = one(spans, 'record decision');
    expect(server.parentSpanId).toBe(parent);
    expect(question.parentSpanId).toBe(server.spanId);
    expect(gate.parentSpanId).toBe(question.spanId);
    for (const step of ['gather inputs', 'begin run', 'read evidence'])
      expect(one(spans, step).parentSpanId).toBe(gate.spanId);
    const policy = spans.filter(({ name }) => name === 'evaluate policy');
    expect(policy.map(({ parentSpanId }) => parentSpanId)).toContain(gate.spanId);
    expect(recording.parentSpanId).toBe(gate.spanId);
    expect(one(spans, 'write ledger group').parentSpanId).toBe(recording.spanId);
    for (const span of spans.filter(({ spanId }) => spanId !== server.spanId)) {
      expect(span.startNs >= server.startNs && span.endNs <= server.endNs + CLOCK_NS).toBe(true);
      expect(span.startNs <= span.endNs).toBe(true);
    }
  });

  it('is told by OpenTelemetry’s names: kinds, route, status, operation', () => {
    const server = one(spans, 'POST /graphql');
    expect(server.kind).toBe(2);
    expect(server.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
    });
    expect(server.resource).toMatchObject({
      ...{ 'service.name': 'assay-api', 'service.namespace': 'assay', 'assay.door': 'api' },
      'deployment.environment.name': 'test',
      'telemetry.sdk.language': 'nodejs',
    });
    expect(one(spans, 'mutation evaluateGate').attributes).toEqual({
      'graphql.operation.type': 'mutation',
      'graphql.operation.name': 'EvaluateGate',
      'assay.graphql.fields': ['evaluateGate'],
    });
    expect(one(spans, 'evaluate gate').attributes).toMatchObject({
      ...{ 'assay.gate.id': 'GATE_RELEASE', 'assay.verdict': decision.verdict },
      ...{ 'assay.decision.id': decision.id, 'assay.decision.reused': false },
      'assay.artefact.digest': build.digest,
    });
    expect(one(spans, 'record decision').attributes).toMatchObject({ 'assay.recorded': 'written' });
    expect(spans.every(({ status }) => status !== 2)).toBe(true);
  });

  it('is found from the line of the log, and the collector is shown its key', () => {
    const line = app.log.map((text) => JSON.parse(text)).find(({ trace_id }) => trace_id === traceId);
    expect(line).toMatchObject({ path: '/graphql', span_id: one(spans, 'POST /graphql').spanId });
    expect(receiver.headers.at(-1)).toMatchObject({
      'x-api-key': 'collector key',
      'content-type': 'application/x-protobuf',
    });
  });
});

describe('what is in no span', () => {
  const CANARY = 'canary 7f3a of Jane Doe <jane@example.org>';

  it('is what somebody wrote: queries, variables, names, reasons, headers, evidence, messages of errors', async () => {
    const before = receiver.raw.length;
    const token = app.tokenFor('lead');
    const about = `query Jane_Doe_was_here { __typename alias_canary: organisation { name } }`;
    const traces = [newTraceId(), newTraceId(), newTraceId(), newTraceId()];
    await ask(traces[0] ?? '', SAMPLED, { query: about });
    await ask(traces[1] ?? '', SAMPLED, evaluation({ gateId: CANARY }));
    await ask(traces[2] ?? '', SAMPLED, { query: `{ ${CANARY}`, operationName: CANARY });
    await request(app.server)
      .get(`/evidence/canary7f3a?token=${token}`)
      .set('user-agent', CANARY)
      .set('cookie', `who=${token}`)
      .set('traceparent', `00-${traces[3] ?? ''}-00f067aa0ba902b7-${SAMPLED}`);
    const waiver = await app.command('lead', 'request-waiver', {
      ...{ selectors: [{ gate: 'GATE_RELEASE' }, { rule: 'coverage-floor' }], severity: 'HIGH' },
      ...{ effectiveUntil: new Date(app.clock.now() + 86_400_000).toISOString(), reason: CANARY },
    });
    expect(waiver).toBeDefined();
    for (const each of traces) expect((await received(each)).length).toBeGreaterThan(0);
    const told = receiver.raw.slice(before);
    for (const written of ['canary', 'Jane', 'jane@', token, 'token=', 'Bearer', 'alias_'])
      expect(told).not.toContain(written);
  });

  it('is also a receipt’s reports, when evidence is uploaded in a trace', async () => {
    const traceId = newTraceId();
    const fresh = await registerBuild(app);
    const [name = ''] = REPORTS;
    const { status } = await request(app.server)
      .post('/evidence')
      .query({ source: 'ci/canary', ...fresh })
      .set('authorization', `Bearer ${app.tokenFor('service')}`)
      .set('idempotency-key', randomUUID())
      .set('traceparent', `00-${traceId}-00f067aa0ba902b7-${SAMPLED}`)
      .set('content-type', 'application/octet-stream')
      .send(report(name));
    expect(status).toBe(201);
    const spans = await received(traceId);
    const receipt = one(spans, 'receive evidence');
    expect(receipt.parentSpanId).toBe(one(spans, 'POST /evidence').spanId);
    expect(receipt.attributes).toMatchObject({ 'assay.artefact.digest': fresh.digest });
    expect(JSON.stringify(receipt.attributes)).not.toContain('canary');
  });
});

describe('sampling', () => {
  it('leaves alone whom the caller left alone', async () => {
    const traceId = newTraceId();
    await ask(traceId, NOT_SAMPLED, evaluation());
    expect(await received(traceId)).toEqual([]);
  });

  it('takes one request in ten where nobody says, by its trace’s id alone', async () => {
    receiver.spans.length = 0;
    for (let n = 0; n < 300; n += 1) await request(app.server).get('/log/none');
    await received('');
    const sampled = new Set(receiver.spans.map(({ traceId }) => traceId));
    expect(sampled.size).toBeGreaterThan(5); // 30 expected; either bound is passed once in a million runs
    expect(sampled.size).toBeLessThan(60);
  });

  it('never takes probes', async () => {
    const traceId = newTraceId();
    for (const probe of ['/health/live', '/metrics'])
      await request(app.server).get(probe).set('traceparent', `00-${traceId}-00f067aa0ba902b7-${SAMPLED}`);
    expect(await received(traceId)).toEqual([]);
  });
});

describe('many that are decided at one moment', () => {
  it('share the writing of their group: one has it, the others are linked with it', async () => {
    const builds = [await registerBuild(app), await registerBuild(app), await registerBuild(app)];
    for (const each of builds) await uploadAll(app, each, REPORTS.slice(0, 1).map(report));
    await app.normalise();
    receiver.spans.length = 0;
    const traces = builds.map(newTraceId);
    await Promise.all(builds.map((each, n) => ask(traces[n] ?? '', SAMPLED, evaluation(each))));
    await received('');
    const groups = receiver
      .named('write ledger group')
      .filter(({ attributes }) => Number(attributes['assay.ledger.traced']) > 1);
    for (const group of groups) {
      expect(group.links).toHaveLength(Number(group.attributes['assay.ledger.traced']) - 1);
      for (const { spanId } of group.links) {
        const other = receiver.spans.find((span) => span.spanId === spanId);
        expect(other?.links).toContainEqual({ traceId: group.traceId, spanId: group.spanId });
        expect(other?.traceId).not.toBe(group.traceId);
      }
    }
    // However they met: each trace has its own recording, and no other's.
    for (const traceId of traces) {
      const own = receiver.spans.filter((span) => span.traceId === traceId);
      one(own, 'record decision');
      const ids = new Set(own.map(({ spanId }) => spanId));
      for (const span of own.filter(({ kind }) => kind !== 2)) expect(ids).toContain(span.parentSpanId);
    }
  });
});

describe('a collector that is not there', () => {
  const timed = async (): Promise<number> => {
    const began = performance.now();
    const { answer } = await ask(newTraceId(), SAMPLED, evaluation());
    expect(answer.body.data.evaluateGate.__typename).toBe('Decision');
    return performance.now() - began;
  };
  beforeEach(() => {
    receiver.mode = 'takes';
  });

  it('neither fails nor holds up an answer, is told once, and its spans are counted', async () => {
    receiver.mode = 'refuses';
    const before = tracing().counts;
    await timed();
    await received('');
    await timed();
    await received('');
    const after = tracing().counts;
    expect(after.dropped['export-failed']).toBeGreaterThan(before.dropped['export-failed'] + 10);
    expect(after.exported).toBe(before.exported);
    const metrics = (await request(app.server).get('/metrics')).text;
    expect(metrics).toContain(`tracing_spans_exported_total ${String(after.exported)}`);
    expect(metrics).toContain(
      `tracing_spans_dropped_total{reason="export-failed"} ${String(after.dropped['export-failed'])}`,
    );
  });

  it('that never answers, neither: nobody waits for it', async () => {
    receiver.mode = 'silent';
    await timed();
    const flushing = tracing().flush();
    const slow = await Promise.all(Array.from({ length: 10 }, timed));
    expect(Math.max(...slow)).toBeLessThan(5_000); // an export is given up after 10 s
    const began = performance.now();
    await tracing().shutdown();
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(tracing().counts.dropped['export-failed']).toBeGreaterThan(0);
    await receiver.close();
    await flushing;
  });
});
