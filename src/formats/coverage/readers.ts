import { has, hasIn, isObject, objectIn, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseClover } from './clover.js';
import { normaliseCobertura } from './cobertura.js';
import { normaliseCoveragePy } from './coverage-py.js';
import { normaliseGoCoverprofile } from './go-coverprofile.js';
import { normaliseIstanbulFinal } from './istanbul-final.js';
import { normaliseIstanbulSummary } from './istanbul-summary.js';
import { normaliseJacoco } from './jacoco.js';
import { normaliseLcov } from './lcov.js';

const kinds = ['coverage'] as const;
const hasProject = (head: string): boolean => /<project[\s/>]/.test(head);

export const COVERAGE_READERS: readonly FormatReader[] = [
  {
    format: 'coverage.py',
    kinds,
    syntax: 'json',
    sign: (value) =>
      isObject(value) &&
      textIn(objectIn(value, 'meta'), 'version') !== undefined &&
      hasIn(value, 'totals', 'num_statements'),
    intended: [/"meta"\s{0,9}:/, /"(?:executed_lines|num_statements)"\s{0,9}:/],
    read: normaliseCoveragePy,
  },
  {
    format: 'istanbul-summary',
    kinds,
    syntax: 'json',
    sign: (value) => isObject(value) && hasIn(value, 'total', 'statements'),
    intended: [/^\{\s{0,9}"total"\s{0,9}:\s{0,9}\{\s{0,9}"lines"/],
    read: normaliseIstanbulSummary,
  },
  {
    format: 'istanbul-final',
    kinds,
    syntax: 'json',
    sign: (value) =>
      isObject(value) &&
      Object.keys(value).length > 0 &&
      Object.values(value).every((file) => isObject(file) && has(file, 'statementMap')),
    intended: [/"statementMap"\s{0,9}:/],
    read: normaliseIstanbulFinal,
  },
  {
    format: 'go-coverprofile',
    kinds,
    syntax: 'text',
    sign: (head) => head.startsWith('mode:'),
    read: normaliseGoCoverprofile,
  },
  {
    format: 'lcov',
    kinds,
    syntax: 'text',
    sign: (head) => /^(?:TN|SF):/m.test(head) && !head.startsWith('mode:'),
    read: normaliseLcov,
  },
  {
    format: 'cobertura',
    kinds,
    syntax: 'xml',
    sign: (root, head) => root === 'coverage' && !hasProject(head) && /<packages[\s/>]/.test(head),
    read: normaliseCobertura,
  },
  {
    format: 'clover',
    kinds,
    syntax: 'xml',
    sign: (root, head) => root === 'coverage' && hasProject(head),
    read: normaliseClover,
  },
  {
    format: 'jacoco',
    kinds,
    syntax: 'xml',
    sign: (root, head) => root === 'report' && /<(?:sessioninfo|group|package|counter)[\s/>]/.test(head),
    read: normaliseJacoco,
  },
];
