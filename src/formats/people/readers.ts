import { isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { ACCEPTANCE_FORMAT, normaliseAcceptance } from './acceptance.js';
import { AGENT_RUN_FORMAT, normaliseAgentRun } from './agent-run.js';
import { ATTESTATION_FORMAT, normaliseAttestation } from './attestation.js';

/** Our own formats say what they are in `format`. */
const named = (format: string): Pick<Extract<FormatReader, { syntax: 'json' }>, 'sign' | 'intended'> => ({
  sign: (value) => isObject(value) && textIn(value, 'format') === format,
  intended: [new RegExp(`"format"\\s{0,9}:\\s{0,9}"${format.replace('.', '\\.')}"`)],
});

export const PEOPLE_READERS: readonly FormatReader[] = [
  {
    format: ATTESTATION_FORMAT,
    kinds: ['attestation'],
    syntax: 'json',
    ...named(ATTESTATION_FORMAT),
    read: normaliseAttestation,
  },
  {
    format: AGENT_RUN_FORMAT,
    kinds: ['agent-run'],
    syntax: 'json',
    ...named(AGENT_RUN_FORMAT),
    read: normaliseAgentRun,
  },
  {
    format: ACCEPTANCE_FORMAT,
    kinds: ['acceptance'],
    syntax: 'json',
    ...named(ACCEPTANCE_FORMAT),
    read: normaliseAcceptance,
  },
];
