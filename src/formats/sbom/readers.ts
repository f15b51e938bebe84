import { has, isObject, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseCyclonedxXml } from './cyclonedx-xml.js';
import { normaliseCyclonedx } from './cyclonedx.js';
import { isLicenseChecker, normaliseLicenseChecker } from './license-checker.js';
import { normaliseSpdxJson } from './spdx-json.js';
import { normaliseSpdxTagValue } from './spdx-tag-value.js';

export const SBOM_READERS: readonly FormatReader[] = [
  {
    format: 'cyclonedx',
    kinds: ['sbom'],
    syntax: 'json',
    sign: (value) => isObject(value) && textIn(value, 'bomFormat') === 'CycloneDX',
    intended: [/"bomFormat"\s{0,9}:\s{0,9}"CycloneDX"/],
    read: normaliseCyclonedx,
  },
  {
    format: 'cyclonedx',
    kinds: ['sbom'],
    syntax: 'xml',
    sign: (root) => root === 'bom',
    read: normaliseCyclonedxXml,
  },
  {
    format: 'license-checker',
    kinds: ['sbom'],
    syntax: 'json',
    sign: isLicenseChecker,
    read: normaliseLicenseChecker,
  },
  {
    format: 'spdx-json',
    kinds: ['sbom'],
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'spdxVersion') && !has(value, '@graph'),
    intended: [/"spdxVersion"\s{0,9}:\s{0,9}"SPDX-2/],
    read: normaliseSpdxJson,
  },
  {
    format: 'spdx-tag-value',
    kinds: ['sbom'],
    syntax: 'text',
    sign: (head) => /^SPDXVersion:/m.test(head),
    read: normaliseSpdxTagValue,
  },
];
