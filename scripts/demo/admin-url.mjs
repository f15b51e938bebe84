// The superuser's connection, for the one act of the demo that needs it: DATABASE_URL, or the embedded server's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function adminUrl(dataDir) {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { postgres } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  return `postgres://postgres:${password}@127.0.0.1:${postgres.port}/${postgres.database}`;
}
