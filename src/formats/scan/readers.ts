import { has } from '../read/json-view.js';
import { isObject } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { readScanRecord, SCAN_RECORD_FORMAT } from './scan-record.js';

export const SCAN_READERS: readonly FormatReader[] = [
  {
    format: SCAN_RECORD_FORMAT,
    kinds: [],
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'assayScan'),
    read: readScanRecord,
  },
];
