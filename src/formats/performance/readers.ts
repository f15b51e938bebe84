import { has, hasIn, isObject, objectIn } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseAutocannon } from './autocannon.js';
import { normaliseK6 } from './k6.js';
import { normaliseLocust } from './locust.js';

const kinds = ['performance'] as const;

export const PERFORMANCE_READERS: readonly FormatReader[] = [
  {
    format: 'k6',
    kinds,
    syntax: 'json',
    sign: (value) =>
      isObject(value) &&
      (hasIn(value, 'metadata', 'k6_version') ||
        hasIn(value, 'metrics', 'iterations') ||
        hasIn(value, 'metrics', 'http_reqs')),
    intended: [/"(?:http_req_duration|iteration_duration|k6_version)"/],
    read: normaliseK6,
  },
  {
    format: 'autocannon',
    kinds,
    syntax: 'json',
    sign: (value) =>
      isObject(value) &&
      has(value, 'non2xx') &&
      objectIn(value, 'latency') !== undefined &&
      objectIn(value, 'requests') !== undefined,
    intended: [/"connections"\s{0,9}:/, /"non2xx"\s{0,9}:/],
    read: normaliseAutocannon,
  },
  {
    format: 'locust',
    kinds,
    syntax: 'text',
    sign: (head) => head.startsWith('Type,Name,Request Count,Failure Count,'),
    read: normaliseLocust,
  },
];
