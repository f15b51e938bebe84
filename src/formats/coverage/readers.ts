import type { JsonValue } from '../../kernel/canonical-json.js';
import { has, hasIn, isObject, listIn, objectIn, textIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseClover } from './clover.js';
import { normaliseCobertura } from './cobertura.js';
import { normaliseCoveragePy } from './coverage-py.js';
import { normaliseGcov, normaliseGcovr } from './gcov.js';
import { normaliseGoCoverprofile } from './go-coverprofile.js';
import { normaliseIstanbulFinal } from './istanbul-final.js';
import { normaliseIstanbulSummary } from './istanbul-summary.js';
import { normaliseJacoco } from './jacoco.js';
import { normaliseLcov } from './lcov.js';
import { normaliseLlvmCov } from './llvm-cov.js';
import { normaliseOpencover } from './opencover.js';
import { normaliseSimplecov } from './simplecov.js';
import { normaliseSonarCoverage } from './sonar-coverage.js';

const kinds = ['coverage'] as const;
/** One result of a SimpleCov run: its coverage and when it was. */
const isResult = (value: JsonValue): boolean =>
  isObject(value) && objectIn(value, 'coverage') !== undefined && typeof value['timestamp'] === 'number';
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
    format: 'gcov',
    kinds,
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'gcc_version') && listIn(value, 'files') !== undefined,
    intended: [/"gcc_version"\s{0,9}:/, /"line_number"\s{0,9}:/],
    read: normaliseGcov,
  },
  {
    format: 'gcovr',
    kinds,
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'gcovr/format_version'),
    intended: [/"gcovr\/format_version"\s{0,9}:/],
    read: normaliseGcovr,
  },
  {
    format: 'llvm-cov',
    kinds,
    syntax: 'json',
    sign: (value) => isObject(value) && textIn(value, 'type') === 'llvm.coverage.json.export',
    intended: [/"segments"\s{0,9}:/, /"(?:expansions|regions|instantiations)"\s{0,9}:/],
    read: normaliseLlvmCov,
  },
  {
    format: 'simplecov',
    kinds,
    syntax: 'json',
    sign: (value) =>
      isObject(value) &&
      (hasIn(value, 'meta', 'simplecov_version') ||
        (Object.keys(value).length > 0 && Object.values(value).every(isResult))),
    intended: [/"simplecov_version"\s{0,9}:/],
    read: normaliseSimplecov,
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
    format: 'sonar-coverage',
    kinds,
    syntax: 'xml',
    sign: (root, head) =>
      root === 'coverage' &&
      !hasProject(head) &&
      !/<packages[\s/>]/.test(head) &&
      /<coverage\s+version\s*=\s*(?:"1"|'1')\s*\/?>/.test(head),
    read: normaliseSonarCoverage,
  },
  {
    format: 'opencover',
    kinds,
    syntax: 'xml',
    sign: (root) => root === 'CoverageSession',
    read: normaliseOpencover,
  },
  {
    format: 'jacoco',
    kinds,
    syntax: 'xml',
    sign: (root, head) => root === 'report' && /<(?:sessioninfo|group|package|counter)[\s/>]/.test(head),
    read: normaliseJacoco,
  },
];
