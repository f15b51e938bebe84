import { isObject } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { isSemgrep, normaliseSemgrep } from './semgrep.js';
import { isSonar, normaliseSonar } from './sonar.js';
import { isZap, normaliseZap } from './zap.js';

/** Code of Snyk and many others is SARIF and is read there. */
export const FINDINGS_READERS: readonly FormatReader[] = [
  {
    format: 'semgrep',
    kinds: ['sast'],
    syntax: 'json',
    sign: (value) => isObject(value) && isSemgrep(value),
    intended: [/"check_id"\s{0,9}:/, /"extra"\s{0,9}:/],
    read: normaliseSemgrep,
  },
  {
    format: 'zap',
    kinds: ['dast'],
    syntax: 'json',
    sign: (value) => isObject(value) && isZap(value),
    intended: [/"pluginid"\s{0,9}:/, /"riskcode"\s{0,9}:/],
    read: normaliseZap,
  },
  {
    format: 'sonar-issues',
    kinds: ['quality', 'sast'],
    syntax: 'json',
    sign: (value) => isObject(value) && isSonar(value),
    intended: [/"primaryLocation"\s{0,9}:/, /"ruleId"\s{0,9}:/],
    read: normaliseSonar,
  },
];
