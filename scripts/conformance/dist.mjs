/** The engine as `npm run build` made it; what runs the suite builds it first. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const REGO = join(import.meta.dirname, '../../dist/src/rego');

/** A module of src/rego. */
export const wants = (file) => import(pathToFileURL(join(REGO, file)).href);
