import type { Submission, WitnessAnswer, WitnessClient } from './witness.port.js';

/** A cosignature line is about 170 bytes; more than this is no answer. */
const ANSWER_LIMIT = 16_384;

/** https://c2sp.org/tlog-witness over HTTP. Redirects are not followed: a POST must not become something else. */
export class HttpWitnessClient implements WitnessClient {
  constructor(private readonly limitMs = 10_000) {}

  async submit({ url, body }: Submission, signal: AbortSignal): Promise<WitnessAnswer> {
    try {
      const response = await fetch(`${url}/add-checkpoint`, {
        method: 'POST',
        body,
        redirect: 'error',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.limitMs)]),
      });
      const text = await textOf(response);
      if (response.status === 200 && text !== undefined) return { kind: 'cosigned', lines: text };
      const isSize = response.headers.get('content-type')?.split(';')[0]?.trim() === 'text/x.tlog.size';
      if (response.status === 409 && isSize && /^(0|[1-9]\d{0,14})\n?$/.test(text ?? ''))
        return { kind: 'stale', size: Number(text) };
      return { kind: 'refused', status: response.status };
    } catch (error) {
      return { kind: 'unreachable', detail: error instanceof Error ? error.name : 'unknown' };
    }
  }
}

/** Undefined when it is too long. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > ANSWER_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
