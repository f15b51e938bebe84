import 'reflect-metadata';
import { runDoor } from './app/door.io.js';
import { openApi } from './app/open-api.io.js';

// The API door.
await runDoor('api', openApi);
