import { rm } from 'node:fs/promises';

/** Stops the server that global-setup.mjs started; a server that was given stays as it is. */
export default async function globalTeardown() {
  const started = globalThis.assayTestServer;
  if (!started) return;
  await started.server.stop();
  await rm(started.dataDir, { recursive: true, force: true });
}
