import 'reflect-metadata';
import { migrateConfigured } from './app/cli/migrate.io.js';

// The door of `npm run migrate`: once before the doors that are started one by one.
process.exitCode = await migrateConfigured(process.env);
