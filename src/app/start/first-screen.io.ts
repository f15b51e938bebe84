import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_SETUP } from '../seed/demo.js';
import { demoTokensFile } from '../seed/seed.io.js';
import type { RunningAssay } from './start.io.js';

const FIRST_QUERY = '{ gates { gateId title checklist { policies { policyId version } } } }';

/** What the newcomer sees: a verdict on the demo artefact, reached through the public API, then where to go on. */
export async function showFirstScreen({ config, apiUrl, startMs }: RunningAssay): Promise<void> {
  if (config.demo) await judgeDemoArtefact(config.root, config.dataDir);
  const screen = [
    `\n  Assay is ready after ${(startMs / 1000).toFixed(1)} s.  Ctrl-C stops everything.\n`,
    `  GraphQL   ${apiUrl}/graphql`,
    `  Evidence  ${apiUrl}/evidence`,
    `  Health    ${apiUrl}/health/ready   Metrics  ${apiUrl}/metrics`,
    ...(config.demo ? tokensToPaste(apiUrl, config.dataDir) : []),
  ];
  // One write: a program that waits for "is ready" finds the rest beside it.
  console.log(screen.join('\n'));
}

/** A program of its own, so that it can only do what any client can. */
function judgeDemoArtefact(root: string, dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'demo', 'first-screen.mjs')], {
    env: { ...process.env, ASSAY_DATA_DIR: dataDir },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error('the demo artefact could not be judged; see above'));
    });
  });
}

function tokensToPaste(apiUrl: string, dataDir: string): string[] {
  const file = demoTokensFile(dataDir);
  const { tokens } = JSON.parse(readFileSync(file, 'utf8')) as { tokens: Record<string, string> };
  return [
    `\n  Demo tokens, for this embedded installation only, valid for a day (also in ${file}):`,
    ...DEMO_SETUP.principals.map(
      ({ subject, displayName }) =>
        `    ${subject.padEnd(16)} ${displayName.padEnd(16)} ${tokens[subject] ?? ''}`,
    ),
    `\n  A first query to paste:\n`,
    `  curl -s ${apiUrl}/graphql -H 'content-type: application/json' \\`,
    `    -H "authorization: Bearer $(node -p "require('${file}').tokens.auditor")" \\`,
    `    -d '{"query":"${FIRST_QUERY}"}'\n`,
  ];
}
