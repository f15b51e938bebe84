import 'reflect-metadata';
import { runDoor } from './app/door.io.js';
import { openIntegrator } from './app/open-integrator.io.js';

// The door that alone holds the log key.
await runDoor('integrator', openIntegrator);
