import { isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseCyclonedx } from './cyclonedx.js';

export const SBOM_READERS: readonly FormatReader[] = [
  {
    format: 'cyclonedx',
    kinds: ['sbom'],
    syntax: 'json',
    sign: (value) => isObject(value) && textIn(value, 'bomFormat') === 'CycloneDX',
    intended: [/"bomFormat"\s{0,9}:\s{0,9}"CycloneDX"/],
    read: normaliseCyclonedx,
  },
];
