import { join } from 'node:path';
import { signDemoToken } from '../../access/demo-token.io.js';
import { writeFileDurably } from '../platform/durable-file.io.js';
import { DEMO_KEY_ID } from '../platform/keys.io.js';
import type { Platform } from '../platform/platform.js';
import { composeServices } from '../compose/services.js';
import { applySetup } from '../setup/apply-setup.js';
import { DEMO_SETUP } from './demo.js';

/** Where the demo's bearer tokens are, for the commands beside the service. Mode 0600. */
export const demoTokensFile = (dataDir: string): string => join(dataDir, 'demo-tokens.json');

/**
 * Makes sure that the demo organisation is there, with somebody per role, the starter packs, checklists and
 * gates. Nothing outside a demo. Every step may be repeated: a warm start finds all of it and compiles nothing.
 */
export async function seedDemo(platform: Platform): Promise<void> {
  const { config, logger } = platform;
  if (!config.demo) return;
  const services = composeServices(platform);
  try {
    const { root, jwtIssuer: issuer } = config;
    const { problems } = await applySetup(services, DEMO_SETUP, { root, issuer, logger });
    // What stands goes on judging: an author's mistake in a pack must not keep the demo from starting.
    for (const { part, problem } of problems)
      logger.warn({ part, problem }, 'a part of the demo was not made');
    writeDemoTokens(platform);
  } finally {
    await services.close();
  }
}

/** Fresh tokens at every start: they last a day. */
function writeDemoTokens({ config, keys, clock }: Platform): void {
  const { slug: org } = DEMO_SETUP.organisation;
  const key = { pem: keys.demoIssuerPem(), keyId: DEMO_KEY_ID };
  const rules = { issuer: config.jwtIssuer, audience: config.jwtAudience, algorithm: config.jwtAlgorithm };
  const tokens = Object.fromEntries(
    DEMO_SETUP.principals.map(({ subject }) => [
      subject,
      signDemoToken({ subject, org }, key, rules, clock.now()),
    ]),
  );
  writeFileDurably(demoTokensFile(config.dataDir), `${JSON.stringify({ org, tokens }, null, 2)}\n`);
}
