import type { FormatReader } from '../reader.js';
import { normaliseJunit } from './junit.js';

export const TESTS_READERS: readonly FormatReader[] = [
  {
    format: 'junit',
    kinds: ['tests'],
    syntax: 'xml',
    sign: (root) => root === 'testsuites' || root === 'testsuite',
    read: normaliseJunit,
  },
];
