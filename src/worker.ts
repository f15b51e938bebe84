import 'reflect-metadata';
import { runDoor } from './app/door.io.js';
import { openWorker } from './app/open-worker.io.js';

// The worker door: the application minus its front.
await runDoor('worker', openWorker);
