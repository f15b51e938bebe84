import 'reflect-metadata';
import { runDoor } from './app/doors/door.io.js';
import { openWorker } from './app/doors/open-worker.io.js';

// The worker door: the application minus its front.
await runDoor('worker', openWorker);
