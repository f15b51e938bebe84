import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';

/** What became of spans since the start. */
export interface SpanCounts {
  readonly exported: number;
  /** `queue-full`: they came faster than they were taken. `export-failed`: the collector did not take them. */
  readonly dropped: Readonly<Record<'queue-full' | 'export-failed', number>>;
}

/** Told when spans begin to be lost, and when they arrive again with how many were lost. */
export interface Losses {
  lost(error: unknown): void;
  back(dropped: number): void;
}

export interface SpanQueueSettings {
  /** Spans that wait at most; what comes then is dropped. */
  readonly limit: number;
  /** Spans in one request to the collector. */
  readonly batch: number;
  /** How long a span waits for a batch to be full. */
  readonly delayMs: number;
  /** What is left when that has passed since `shutdown` is dropped. */
  readonly shutdownMs: number;
}

/** The specification's figures, but for smaller batches: writing one down holds up whoever is being answered. */
export const SPAN_QUEUE: SpanQueueSettings = { limit: 2_048, batch: 128, delayMs: 2_000, shutdownMs: 2_000 };
/** A collector that comes and goes is told of once in a while. */
const SILENCE_MS = 60_000;
/** `ExportResultCode.SUCCESS`, without loading the SDK for a number. */
const SUCCESS = 0;

/**
 * Spans on their way to the collector. Bounded, one request at a time, never waited for by whoever is traced: a
 * collector that is slow or away costs spans, which are counted, and nothing else. OpenTelemetry's own
 * BatchSpanProcessor is like it, but drops in silence and waits half a minute at the end.
 */
export class SpanQueue implements SpanProcessor {
  private waiting: ReadableSpan[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private closed = false;
  private exported = 0;
  private readonly dropped = { 'queue-full': 0, 'export-failed': 0 };
  private lostSince: number | undefined;
  private toldAt = -Infinity;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly losses: Losses,
    private readonly settings: SpanQueueSettings = SPAN_QUEUE,
  ) {}

  get counts(): SpanCounts {
    return { exported: this.exported, dropped: { ...this.dropped } };
  }

  onStart(): void {
    // Nothing is known of a span until it has ended.
  }

  onEnd(span: ReadableSpan): void {
    if (this.closed || this.waiting.length >= this.settings.limit) {
      this.dropped['queue-full'] += 1;
      return;
    }
    this.waiting.push(span);
    if (this.waiting.length >= this.settings.batch) this.send();
    else this.timer ??= this.sendLater();
  }

  /** Sends all that waits; resolves whatever comes of it. */
  async forceFlush(): Promise<void> {
    while (this.sending ?? this.waiting.length > 0) {
      this.send();
      await this.sending;
    }
  }

  /** Takes no more, and sends what waits for as long as it may. */
  async shutdown(): Promise<void> {
    this.closed = true;
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      late = setTimeout(resolve, this.settings.shutdownMs);
    });
    await Promise.race([this.forceFlush(), limit]);
    clearTimeout(late);
    clearTimeout(this.timer);
    this.dropped['export-failed'] += this.waiting.splice(0).length;
    this.exporter.shutdown().catch(() => undefined);
  }

  private sendLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, this.settings.delayMs).unref();
  }

  /** Begins to send, unless that is under way. */
  private send(): void {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
      if (this.waiting.length > 0 && !this.closed) this.timer ??= this.sendLater();
    });
  }

  /** Batch after batch; a part of a batch that is left over waits for more, unless nothing else was sent. */
  private async sendAll(): Promise<void> {
    do await this.sendBatch(this.waiting.splice(0, this.settings.batch));
    while (this.waiting.length >= this.settings.batch);
  }

  private sendBatch(spans: ReadableSpan[]): Promise<void> {
    return new Promise((resolve) => {
      try {
        this.exporter.export(spans, ({ code, error }) => {
          this.note(spans.length, code === SUCCESS ? undefined : (error ?? new Error('not taken')));
          resolve();
        });
      } catch (error) {
        this.note(spans.length, error);
        resolve();
      }
    });
  }

  private note(count: number, error: unknown): void {
    if (error === undefined) {
      this.exported += count;
      if (this.lostSince === undefined) return;
      this.losses.back(this.lost - this.lostSince);
      this.lostSince = undefined;
      return;
    }
    const before = this.lost;
    this.dropped['export-failed'] += count;
    if (this.lostSince !== undefined || performance.now() - this.toldAt < SILENCE_MS) return;
    this.lostSince = before;
    this.toldAt = performance.now();
    this.losses.lost(error);
  }

  private get lost(): number {
    return this.dropped['queue-full'] + this.dropped['export-failed'];
  }
}
