import 'reflect-metadata';
import { join } from 'node:path';
import { loadConfig } from './app/platform/config.js';
import { seedDemo } from './app/seed/seed.io.js';
import { showFirstScreen } from './app/start/first-screen.io.js';
import { startAssay } from './app/start/start.io.js';

// The door of `npm start`: everything on one machine, in order, with a first screen.
const program = (name: string): string => join(import.meta.dirname, `${name}.js`);

// A terminal that was closed, or `| head`, must not end us before everything is taken down.
process.stdout.on('error', () => undefined);

process.exit(
  await startAssay({
    config: loadConfig(),
    environment: process.env,
    say: (message) => {
      console.log(message);
    },
    programs: { api: program('main'), worker: program('worker'), integrator: program('integrator') },
    seed: seedDemo,
    firstScreen: showFirstScreen,
  }),
);
