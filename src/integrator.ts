import 'reflect-metadata';
import { runDoor } from './app/doors/door.io.js';
import { openIntegrator } from './app/doors/open-integrator.io.js';

// The door that alone holds the log key.
await runDoor('integrator', openIntegrator);
