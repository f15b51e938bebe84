/**
 * One kind of secret. Texts are latin-1 views of bytes. `start` has exactly one capturing group, which ends the
 * match: the secret itself, or its first part where `tail` says what may follow. Everything is bounded, so
 * that matching is linear and a decision never needs more than `LOOK_AHEAD` characters.
 */
export interface SecretPattern {
  readonly secretClass: string;
  readonly start: string;
  /** One unit of what a secret may go on with, any number of times. */
  readonly tail?: string;
  /** Looks at the surroundings before a match counts. */
  readonly accept?: 'high-entropy' | 'near-aws-key-id';
}

/** Longest stretch from the start of a match to the last character it looks at. */
export const LOOK_AHEAD = 2048;
/** Longest look behind a match. */
export const LOOK_BEHIND = 64;

/**
 * These letters, but not in the middle of a word, though they may follow the letter of a JSON escape such as
 * `\n`. The letters come first because the engine finds literals ten times faster than it looks back.
 */
const atWordStart = (letters: string): string =>
  `${letters}(?:(?<![A-Za-z0-9_-]${letters})|(?<=${String.raw`\\`}[nrtbf]${letters}))`;
/** Some writers of JSON escape `&`, `<`, `>`, `'`, `/` although they need not. */
const ESCAPED = String.raw`\\u00[0-9A-Fa-f]{2}|\\/`;
const URL_SAFE = '[A-Za-z0-9_-]';
const BASE64 = String.raw`[A-Za-z0-9+/=]|\\/`;

export const SPECIFIC_PATTERNS: readonly SecretPattern[] = [
  {
    secretClass: 'github-token',
    start: '((?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{36})',
    tail: '[A-Za-z0-9_]',
  },
  {
    secretClass: 'gitlab-token',
    start: '(gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|soat)-[A-Za-z0-9_-]{20})',
    tail: '[A-Za-z0-9_.-]',
  },
  {
    secretClass: 'aws-access-key-id',
    start: '(?<![A-Z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})',
  },
  {
    secretClass: 'aws-secret-key',
    start: String.raw`(?:(?<![A-Za-z0-9/+])|(?<=\\[nrtbf]))([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
    accept: 'near-aws-key-id',
  },
  {
    secretClass: 'slack-token',
    start: '(xox[abeoprs]-[A-Za-z0-9-]{10}|xapp-[0-9]-[A-Za-z0-9-]{10})',
    tail: '[A-Za-z0-9-]',
  },
  {
    secretClass: 'slack-webhook',
    start: String.raw`hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/([A-Za-z0-9_+]{4})`,
    tail: String.raw`[A-Za-z0-9_+/]|\\/`,
  },
  { secretClass: 'stripe-key', start: '((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10})', tail: '[A-Za-z0-9]' },
  { secretClass: 'stripe-webhook-secret', start: '(whsec_[A-Za-z0-9+/]{24})', tail: BASE64 },
  { secretClass: 'google-api-key', start: '(AIza[A-Za-z0-9_-]{35})' },
  {
    secretClass: 'google-oauth',
    start: String.raw`(GOCSPX-[A-Za-z0-9_-]{20}|ya29\.[A-Za-z0-9_-]{20})`,
    tail: URL_SAFE,
  },
  { secretClass: 'npm-token', start: '(npm_[A-Za-z0-9]{36})', tail: '[A-Za-z0-9]' },
  { secretClass: 'pypi-token', start: '(pypi-[A-Za-z0-9_-]{50})', tail: URL_SAFE },
  { secretClass: 'azure-storage-key', start: 'AccountKey=([A-Za-z0-9+/]{40})', tail: BASE64 },
  {
    secretClass: 'azure-sas',
    start: String.raw`(?:[?&;]|\\u0026)sig=([A-Za-z0-9%+/]{30})`,
    tail: '[A-Za-z0-9%+/=]',
  },
  {
    secretClass: 'azure-client-secret',
    start: '(Q~(?<=[A-Za-z0-9_~.]{3}[0-9]Q~)[A-Za-z0-9_~.-]{31})', // the four before it tell nothing
    tail: '[A-Za-z0-9_~.-]',
  },
  { secretClass: 'hugging-face-token', start: '(hf_[A-Za-z0-9]{34})', tail: '[A-Za-z0-9]' },
  { secretClass: 'sendgrid-key', start: String.raw`(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})` },
  { secretClass: 'digitalocean-token', start: '(do[opr]_v1_[a-f0-9]{64})' },
  { secretClass: 'model-api-key', start: `(${atWordStart('sk-')}[A-Za-z0-9_-]{32})`, tail: URL_SAFE },
  {
    secretClass: 'jwt',
    start: `(${atWordStart('eyJ')}${String.raw`[A-Za-z0-9_-]{8,1000}\.eyJ[A-Za-z0-9_-]{8}`})`,
    tail: '[A-Za-z0-9_.-]',
  },
  {
    secretClass: 'url-credentials',
    start: String.raw`:(?:\\?/){2}[^\s:/@"'\\]{0,100}:([^\s:/@"'\\]{3,200})(?=@)`,
  },
  {
    secretClass: 'authorization',
    start: String.raw`[Aa]uthorization\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?(?:[Bb]asic|[Bb]earer|[Tt]oken)\s{1,5}([A-Za-z0-9._~+/-]{16})`,
    tail: '[A-Za-z0-9._~+/=-]',
  },
];

/** Starts where a private key does; the masker knows where one ends. */
export const PRIVATE_KEY_CLASS = 'private-key';
export const PRIVATE_KEY_START = String.raw`(-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?=(?:\s|\\{1,4}[nrt]){0,8}[A-Za-z0-9+/=:-]{10})`;

const anyCase = (words: string): string =>
  words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** An assignment whose name says secret and whose value looks like one. Tried last, because it is a guess. */
export const ASSIGNMENT: SecretPattern = {
  secretClass: 'assigned-secret',
  start:
    `(?:${anyCase('passw(?:or)?d|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|credential')})` +
    String.raw`[A-Za-z_-]{0,30}[0-9]{0,2}(?:\\{0,2}["'\x60\]]){0,2}\s{0,10}(?:=>|:=|[=:>])\s{0,10}(?:\\{0,2}["'\x60])?` +
    String.raw`([A-Za-z0-9+/_.~=!@#$%^&*?-]{8,200})`,
  tail: String.raw`[A-Za-z0-9+/_.~=!@#$%^&*?-]|${ESCAPED}`,
  accept: 'high-entropy',
};

/** Letters and digits mixed, and more bits per character than words have. */
export function hasHighEntropy(value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^(?:sha\d{1,3}[-:]|https?:|v?\d+(?:\.\d+)+)/i.test(value)) return false; // an integrity, a link, a version
  if (Number.isFinite(Number(value))) return false; // a JSON number stands without quotes, and a mask cannot
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits >= 2.8;
}

/** How far a secret access key may stand from the key id it belongs to. */
export const AWS_REACH = 512;
export const AWS_KEY_ID = /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/;

/** 40 characters that are a Git commit or a word are no key. */
export const looksLikeAwsSecret = (value: string): boolean =>
  /[A-Z]/.test(value) && /[a-z]/.test(value) && /[0-9]/.test(value);
