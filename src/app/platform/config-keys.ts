import { INTAKE_KEYS } from './config-keys-intake.js';
import { OPERATION_KEYS } from './config-keys-operation.js';
import { PLACE_KEYS } from './config-keys-place.js';
import { TRACING_KEYS } from './config-keys-tracing.js';
import { TRUST_KEYS } from './config-keys-trust.js';

/** Every setting of the service, in the order of docs/OPERATING.md. Nothing else is read from the environment. */
export const CONFIG_KEYS = {
  ...PLACE_KEYS,
  ...TRUST_KEYS,
  ...INTAKE_KEYS,
  ...OPERATION_KEYS,
  ...TRACING_KEYS,
} as const;
