import 'reflect-metadata';
import { runDoor } from './app/doors/door.io.js';
import { openApi } from './app/doors/open-api.io.js';

// The API door.
await runDoor('api', openApi);
