import type { JsonLimits } from '../../kernel/strict-json.js';

/** Tools nest little; a report of this depth is an attack on the stack. */
export const REPORT_JSON: JsonLimits = { maxDepth: 200, byteOrderMark: 'strip', inexactNumbers: 'text' };
