// Speaks to a running Assay as any service would: HTTP and GraphQL, nothing else.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the running installation is, and the demo's bearer tokens by person. */
export function findInstallation(dataDir) {
  const read = (name) => JSON.parse(readFileSync(join(dataDir, name), 'utf8'));
  try {
    return { url: read('run.json').apiUrl, tokens: read('demo-tokens.json').tokens };
  } catch {
    throw new Error(`no running Assay with demo tokens below ${dataDir}: run \`npm start\` first`);
  }
}

export class Client {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /** Answers `data`; anything in `errors` is a failure of the demo, for outcomes are union members. */
  async query(text, variables = {}) {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query: text, variables }),
    });
    const { data, errors } = await response.json();
    if (errors)
      throw new Error(errors.map((error) => `${error.extensions?.code}: ${error.message}`).join('; '));
    return data;
  }

  /** Streams a report. Answers the receipt. */
  async upload(report, { artId, digest, source, collectedAt }) {
    const parameters = new URLSearchParams({ artId, digest, source, collectedAt });
    const response = await fetch(`${this.url}/evidence?${parameters}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'idempotency-key': randomUUID(),
        authorization: `Bearer ${this.token}`,
      },
      body: report,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`upload refused (${response.status}): ${JSON.stringify(answer)}`);
    return answer;
  }
}

/** Throws what a union said when it is not the hoped-for member. */
export function expectMember(result, typename) {
  if (result.__typename === typename) return result;
  throw new Error(`${result.__typename}: ${result.message ?? JSON.stringify(result)}`);
}
