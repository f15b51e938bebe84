// The operations the demo sends: those of graphql/operations, as the API tests send them too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'graphql', 'operations');
const operation = (name) => readFileSync(join(FOLDER, `${name}.graphql`), 'utf8');

export const REGISTER = operation('register-artefact');
export const EVALUATE = operation('evaluate-gate');
export const LATEST_DECISION = operation('latest-decision');
export const REQUEST_WAIVER = operation('request-waiver');
export const APPROVE_WAIVER = operation('approve-waiver');
export const LEDGER = operation('ledger');
export const CHECKPOINT = operation('checkpoint');
