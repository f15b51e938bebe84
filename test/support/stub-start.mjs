// `npm start` with stub doors: node stub-start.mjs, configured by the environment alone.
import { join } from 'node:path';
import { loadConfig } from '../../dist/src/app/platform/config.js';
import { startAssay } from '../../dist/src/app/start/start.io.js';

const program = join(import.meta.dirname, 'stub-door.mjs');

process.exit(
  await startAssay({
    config: loadConfig(),
    environment: process.env,
    say: console.log,
    programs: { api: program, worker: program, integrator: program },
    seed: async (platform) => {
      const [{ role }] = await platform.database.query('SELECT current_user AS role');
      console.log(`seeding as ${role}`);
    },
    firstScreen: async ({ apiUrl }) => console.log(`running at ${apiUrl}`),
  }),
);
