import 'reflect-metadata';
import { runCommand } from './app/cli/run-command.io.js';

// The command line: npx assay …
process.exitCode = await runCommand(process.argv.slice(2));
