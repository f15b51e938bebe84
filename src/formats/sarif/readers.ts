import { has, isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseSarif, openSarif } from './sarif.js';

export const SARIF_READERS: readonly FormatReader[] = [
  {
    format: 'sarif',
    kinds: ['sast'],
    syntax: 'json',
    sign: (value) => isObject(value) && textIn(value, 'version') === '2.1.0' && has(value, 'runs'),
    intended: [/"runs"\s{0,9}:/, /"version"\s{0,9}:\s{0,9}"2\.1\.0"|"driver"\s{0,9}:/],
    read: normaliseSarif,
    list: { path: ['runs', '*', 'results'], open: openSarif },
  },
];
