import type { JsonObject } from '../../kernel/canonical-json.js';
import type { Severity } from '../model/finding.js';
import { filledTextIn } from '../read/json-view.js';

/** None of these tools rates what it finds: a secret is high, and critical once the tool has shown it to work. */
export const severityOfSecret = (isVerified: boolean): Severity => (isVerified ? 'critical' : 'high');

export const namesPeople = (entry: JsonObject, keys: readonly string[]): boolean =>
  keys.some((key) => filledTextIn(entry, key) !== undefined);
