import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { firstItem, has, isObject } from '../read/json-view.js';
import type { FormatReader } from '../reader.js';
import { normaliseDetectSecrets } from './detect-secrets.js';
import { normaliseGitleaks, normaliseGitleaks7 } from './gitleaks.js';
import { normaliseSecretlint } from './secretlint.js';
import { beginsTrufflehog, normaliseTrufflehogText, normaliseTrufflehogValue } from './trufflehog.js';

const KINDS = ['secrets'] as const;

const ofFirst =
  (sign: (first: JsonObject) => boolean) =>
  (value: JsonValue): boolean => {
    const first = firstItem(value);
    return first !== undefined && sign(first);
  };

export const SECRETS_READERS: readonly FormatReader[] = [
  {
    format: 'gitleaks',
    kinds: KINDS,
    syntax: 'json',
    sign: ofFirst((first) => has(first, 'RuleID') && !has(first, 'offender')),
    intended: [/"RuleID"\s{0,9}:/, /"StartLine"\s{0,9}:/],
    read: normaliseGitleaks,
  },
  {
    format: 'gitleaks-7',
    kinds: KINDS,
    syntax: 'json',
    sign: ofFirst((first) => has(first, 'offender')),
    intended: [/"offender"\s{0,9}:/, /"lineNumber"\s{0,9}:/],
    read: normaliseGitleaks7,
  },
  {
    format: 'trufflehog',
    kinds: KINDS,
    syntax: 'json',
    sign: (value) =>
      isObject(value) ? has(value, 'SourceMetadata') : has(firstItem(value) ?? {}, 'SourceMetadata'),
    intended: [/"SourceMetadata"\s{0,9}:/, /"DetectorName"\s{0,9}:/],
    read: normaliseTrufflehogValue,
  },
  {
    format: 'trufflehog',
    kinds: KINDS,
    syntax: 'text',
    sign: beginsTrufflehog,
    read: normaliseTrufflehogText,
  },
  {
    format: 'detect-secrets',
    kinds: KINDS,
    syntax: 'json',
    sign: (value) => isObject(value) && has(value, 'plugins_used') && has(value, 'results'),
    intended: [/"plugins_used"\s{0,9}:/],
    read: normaliseDetectSecrets,
  },
  {
    format: 'secretlint',
    kinds: KINDS,
    syntax: 'json',
    sign: ofFirst((first) => has(first, 'filePath') && has(first, 'messages') && !has(first, 'errorCount')), // ESLint has counts
    intended: [/"filePath"\s{0,9}:/, /"ruleParentId"|"sourceContentType"/],
    read: normaliseSecretlint,
  },
];
