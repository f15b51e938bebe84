import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../platform/config.js';
import type { ServiceSettings } from './policy-settings.js';

const bodyShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** Whatever compiles a policy answers within this. */
const TIME_LIMIT_MS = 120_000;

/** Sends the operations of graphql/operations, as any client would. */
export class PolicyClient {
  constructor(private readonly settings: ServiceSettings) {}

  /** The only root field of the answer, read by `shape`. Throws what is no outcome: no service, no permission. */
  async ask<T>(operation: string, variables: object, shape: z.ZodType<T>): Promise<T> {
    const file = join(packageRoot(), 'graphql', 'operations', `${operation}.graphql`);
    const { url, token } = this.settings;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: readFileSync(file, 'utf8'), variables }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    const text = await response.text();
    const body = bodyShape.safeParse(readJson(text));
    if (!body.success) throw new Error(`${url} answered ${String(response.status)}: ${text.slice(0, 200)}`);
    const { data, errors = [] } = body.data;
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    return shape.parse(Object.values(data ?? {})[0] ?? null);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
