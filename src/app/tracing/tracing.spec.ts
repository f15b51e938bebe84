import { describe, expect, it } from '@jest/globals';
import * as api from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { Batcher } from '../../ledger/batcher.service.js';
import { errorType, tellable } from './attributes.js';
import { SpanQueue, type SpanQueueSettings } from './span-queue.js';
import { ledgerGroups } from './traced-services.js';
import { traced } from './traced.js';
import { Tracing } from './tracing.js';

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: length,
    maxLength: length,
  });
const SETTINGS: SpanQueueSettings = { limit: 4, batch: 2, delayMs: 5, shutdownMs: 50 };

function opened(ratio: number) {
  const exporter = new InMemorySpanExporter();
  const queue = new SpanQueue(exporter, { lost: () => undefined, back: () => undefined });
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  const tracing = new Tracing({
    api,
    tracer: new TracerProvider({ sampler, spanProcessors: [queue] }).getTracer('test'),
    propagator: new W3CTraceContextPropagator(),
    counts: () => queue.counts,
    flush: () => queue.forceFlush(),
    shutdown: () => queue.shutdown(),
  });
  return { tracing, exporter };
}

describe('what is told in spans', () => {
  it('is numbers, booleans and what looks like a name; never a sentence or an address', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (attributes) => {
        for (const value of Object.values(tellable(attributes as never)).flat())
          expect(
            typeof value === 'string'
              ? !/[\s@?=&"'<>(){}]/.test(value) && value.length <= 160
              : Number.isFinite(Number(value)),
          ).toBe(true);
      }),
    );
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(
      tellable({
        digest,
        route: '/log/:path*',
        none: null,
        who: 'jane@example.org',
        why: 'it is fine',
        many: ['sbom', 'a b'],
      }),
    ).toEqual({ digest, route: '/log/:path*', many: ['sbom'] });
  });

  it('of an error is its kind, never its message', () => {
    const error = Object.assign(new Error('duplicate key (email)=(jane@example.org)'), {
      driverError: { code: '23505' },
    });
    expect(errorType(error)).toBe('23505');
    expect(errorType(new TypeError('jane'))).toBe('TypeError');
    expect(errorType('jane doe')).toBe('_OTHER');
  });
});

describe('sampling', () => {
  it('follows the caller; without one, a trace’s id alone decides, the same in every process', () => {
    const { tracing } = opened(0.1);
    const other = new TraceIdRatioBasedSampler(0.1);
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        fc.pre(!/^0+$/.test(traceId) && !/^0+$/.test(spanId));
        const span = tracing.begin(
          'asked',
          {},
          { traceparent: `00-${traceId}-${spanId}-0${sampled ? '1' : '0'}` },
        );
        expect(span?.spanContext().traceId).toBe(sampled ? traceId : undefined);
      }),
    );
    for (let n = 0; n < 2_000; n += 1) {
      const span = tracing.begin('asked', {});
      if (span) expect(other.shouldSample(api.ROOT_CONTEXT, span.spanContext().traceId).decision).toBe(2);
    }
  });

  it('takes no notice of a traceparent that is none', () => {
    const { tracing } = opened(1);
    for (const traceparent of [
      '',
      'x',
      `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
      `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
    ])
      expect(tracing.begin('asked', {}, { traceparent })?.spanContext().traceId).toMatch(
        /^(?!1{32}|0{32})[0-9a-f]{32}$/,
      );
  });
});

describe('a method that is traced', () => {
  class Work {
    calls = 0;
    async inner(name: string): Promise<string> {
      this.calls += 1;
      await Promise.resolve();
      if (name === 'bad') throw Object.assign(new Error('secret words'), { code: 'EBAD' });
      return `${name} done`;
    }
    outer(name: string): Promise<string> {
      return this.inner(name);
    }
  }

  it('is a part of what it is called in, by itself too, and nothing where nothing is traced', async () => {
    const { tracing, exporter } = opened(1);
    const work = new Work();
    traced(tracing, work, 'inner', {
      name: 'inner',
      asked: (name) => ({ name }),
      answered: (text) => ({ text }),
    });
    traced(tracing, work, 'outer', { name: 'outer' });
    expect(await work.outer('untraced')).toBe('untraced done');
    await tracing.root('root', {}, () => work.outer('one'));
    await expect(tracing.root('root', {}, () => work.outer('bad'))).rejects.toThrow('secret words');
    expect(work.calls).toBe(3);
    await tracing.flush();
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(['inner', 'outer', 'root', 'inner', 'outer', 'root']);
    const [inner, outer, root, bad] = spans;
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(inner?.attributes).toEqual({ name: 'one' }); // the answer is no name
    expect(bad?.attributes).toEqual({ name: 'bad', 'error.type': 'EBAD' });
    expect(JSON.stringify(bad?.status) + JSON.stringify(bad?.events)).not.toContain('secret');
  });
});

describe('a group of the ledger', () => {
  it('is a part of the first traced request in it, and linked with the other ones', async () => {
    const { tracing, exporter } = opened(1);
    const seen: unknown[] = [];
    const settings = {
      limit: 10,
      lanes: 1,
      waitMs: 0,
      pause: () => new Promise<void>((resolve) => setTimeout(resolve, 20)),
    };
    const batcher = new Batcher({ ...settings, tracing: ledgerGroups(tracing) }, () => {
      seen.push(tracing.current?.isRecording());
      return Promise.resolve();
    });
    const push = () => batcher.push({ order: '', weight: 1, since: performance.now() });
    push(); // nobody's
    for (const name of ['first', 'second']) await tracing.root(name, {}, () => Promise.resolve(push()));
    await new Promise((resolve) => setTimeout(resolve, 60));
    await tracing.root('third', {}, () => Promise.resolve()); // and its lane is nobody's
    push();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await tracing.flush();
    const find = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name);
    const group = find('write ledger group');
    expect(group?.parentSpanContext?.spanId).toBe(find('first')?.spanContext().spanId);
    expect(group?.attributes).toMatchObject({ 'assay.ledger.entries': 3, 'assay.ledger.traced': 2 });
    expect(group?.links.map(({ context }) => context.spanId)).toEqual([find('second')?.spanContext().spanId]);
    expect(seen).toEqual([true, undefined]);
  });
});

describe('spans on their way', () => {
  const span = {} as ReadableSpan;
  const told: string[] = [];
  const losses = {
    lost: () => told.push('lost'),
    back: (count: number) => told.push(`back ${String(count)}`),
  };

  /** Answers when it is told to. */
  class SlowExporter implements SpanExporter {
    readonly waiting: ((code: number) => void)[] = [];
    sizes: number[] = [];
    export(spans: ReadableSpan[], done: (result: { code: number }) => void): void {
      this.sizes.push(spans.length);
      this.waiting.push((code) => {
        done({ code });
      });
    }
    async answer(code: number): Promise<void> {
      this.waiting.shift()?.(code);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    shutdown(): Promise<void> {
      return Promise.resolve();
    }
  }

  it('are bounded, counted where they are lost, and told of once for each outage', async () => {
    const exporter = new SlowExporter();
    const queue = new SpanQueue(exporter, losses, SETTINGS);
    for (let n = 0; n < 9; n += 1) queue.onEnd(span); // two are sent at once, four wait
    expect(queue.counts.dropped['queue-full']).toBe(3);
    await exporter.answer(1);
    await exporter.answer(1);
    expect(told).toEqual(['lost']);
    await exporter.answer(0);
    expect(told).toEqual(['lost', 'back 4']);
    expect(queue.counts).toEqual({ exported: 2, dropped: { 'queue-full': 3, 'export-failed': 4 } });
    expect(exporter.sizes).toEqual([2, 2, 2]); // one request at a time
    queue.onEnd(span); // not a whole batch: after a while
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(exporter.sizes).toEqual([2, 2, 2, 1]);
  });

  it('are given up at the end after a moment, and none are taken after that', async () => {
    const exporter = new SlowExporter();
    const queue = new SpanQueue(exporter, losses, SETTINGS);
    for (let n = 0; n < 4; n += 1) queue.onEnd(span);
    const began = performance.now();
    await queue.shutdown();
    expect(performance.now() - began).toBeLessThan(1_000);
    queue.onEnd(span);
    expect(queue.counts.dropped).toEqual({ 'queue-full': 1, 'export-failed': 2 });
  });
});
