import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector sees it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it begins the trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 2: an error. */
  readonly status: number;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** What the receiver does with what it is sent: `silent` never answers. */
type Mode = 'takes' | 'refuses' | 'silent';

/** A collector of traces: OTLP over HTTP, JSON and protobuf, as a server of its own. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All bodies as they came, one after the other. */
  raw = '';
  readonly headers: IncomingMessage['headers'][] = [];
  mode: Mode = 'takes';

  private constructor(private readonly server: Server) {}

  static async open(): Promise<OtlpReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.headers.push(request.headers);
        if (receiver.mode === 'silent') return;
        const isRefused = receiver.mode === 'refuses' || request.url !== '/v1/traces';
        if (!isRefused) receiver.take(Buffer.concat(chunks), request.headers['content-type'] ?? '');
        response.writeHead(isRefused ? 400 : 200).end();
      });
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
  }

  private take(body: Buffer, type: string): void {
    this.raw += body.toString('latin1');
    this.spans.push(...(type.includes('json') ? spansOfJson(body.toString()) : spansOfProtobuf(body)));
  }
}

// JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

interface JsonValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly JsonValue[] };
}
type JsonAttributes = readonly { readonly key: string; readonly value: JsonValue }[];

const valueOf = (value: JsonValue): unknown =>
  value.arrayValue
    ? (value.arrayValue.values ?? []).map(valueOf)
    : (value.stringValue ??
      value.boolValue ??
      (value.intValue === undefined ? value.doubleValue : Number(value.intValue)));
const attributesOf = (list: JsonAttributes = []): Record<string, unknown> =>
  Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));

interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: JsonAttributes;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: JsonAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[];
  }[];
}

function spansOfJson(text: string): ReceivedSpan[] {
  return (JSON.parse(text) as JsonRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: attributesOf(span.attributes),
        links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        status: span.status?.code ?? 0,
        resource: attributesOf(resource.attributes),
      })),
    ),
  );
}

// Protobuf: opentelemetry/proto/trace/v1/trace.proto, by its field numbers.

type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

/** The fields of a message, by number. */
function fieldsOf(bytes: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value =
      wire === 0
        ? varint()
        : wire === 1
          ? take(8).readBigUInt64LE()
          : wire === 5
            ? BigInt(take(4).readUInt32LE())
            : take(Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, field: number): Fields[] =>
  (fields.get(field) ?? []).map((value) => fieldsOf(value as Buffer));
const bytesIn = (fields: Fields, field: number): Buffer =>
  (fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
const numberIn = (fields: Fields, field: number): bigint =>
  (fields.get(field)?.[0] as bigint | undefined) ?? 0n;

function anyValue(value: Fields): unknown {
  if (value.has(1)) return bytesIn(value, 1).toString();
  if (value.has(2)) return numberIn(value, 2) === 1n;
  if (value.has(3)) return Number(BigInt.asIntN(64, numberIn(value, 3)));
  if (value.has(5)) return messages(fieldsOf(bytesIn(value, 5)), 1).map(anyValue);
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64LE(numberIn(value, 4));
  return bits.readDoubleLE();
}
const keyValues = (fields: Fields, field: number): Record<string, unknown> =>
  Object.fromEntries(
    messages(fields, field).map((pair) => [
      bytesIn(pair, 1).toString(),
      anyValue(fieldsOf(bytesIn(pair, 2))),
    ]),
  );

function spansOfProtobuf(body: Buffer): ReceivedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((ofResource) => {
    const resource = keyValues(fieldsOf(bytesIn(ofResource, 1)), 1);
    return messages(ofResource, 2).flatMap((ofScope) =>
      messages(ofScope, 2).map((span) => ({
        traceId: bytesIn(span, 1).toString('hex'),
        spanId: bytesIn(span, 2).toString('hex'),
        parentSpanId: bytesIn(span, 4).toString('hex'),
        name: bytesIn(span, 5).toString(),
        kind: Number(numberIn(span, 6)),
        startNs: numberIn(span, 7),
        endNs: numberIn(span, 8),
        attributes: keyValues(span, 9),
        links: messages(span, 13).map((link) => ({
          traceId: bytesIn(link, 1).toString('hex'),
          spanId: bytesIn(link, 2).toString('hex'),
        })),
        status: Number(numberIn(fieldsOf(bytesIn(span, 15)), 3)),
        resource,
      })),
    );
  });
}
