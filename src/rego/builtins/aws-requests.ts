import { createHash, createHmac } from 'node:crypto';
import { isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { type FullUrl, parseFullUrl } from '../go/full-url.js';
import { asInt64 } from '../go/int64.js';
import { writeJson } from '../go/json.js';
import { UrlError } from '../go/url.js';
import { flag, object, wrongType } from './operands.js';

/** AWS Signature Version 4. Here for OPA's conformance suite only: see refused.ts. */
export const AWS_REQUESTS: BuiltinFamily = {
  'providers.aws.sign_req': (_, request, config, time) =>
    signRequest(object(request, 1), object(config, 1), time),
};

/** The parameters of a request that OPA knows, for http.send and so for this. */
const REQUEST_PARAMETERS: ReadonlySet<RegoValue> = new Set(
  `method url body enable_redirect force_json_decode force_yaml_decode headers raw_body tls_use_system_certs
  tls_ca_cert tls_ca_cert_file tls_ca_cert_env_variable tls_client_cert tls_client_cert_file
  tls_client_cert_env_variable tls_client_key tls_client_key_file tls_client_key_env_variable
  tls_insecure_skip_verify tls_server_name timeout cache force_cache force_cache_duration_seconds raise_error
  caching_mode max_retry_attempts cache_ignored_headers`.split(/\s+/),
);

interface Credentials {
  readonly accessKey: string;
  readonly secret: string;
  readonly region: string;
  readonly service: string;
  /** Empty when there is none. */
  readonly sessionToken: string;
}

function signRequest(request: RegoObject, config: RegoObject, time: RegoValue | undefined): RegoValue {
  const credentials = readCredentials(config);
  const instant = readTime(time);
  const unknown = request.entries.filter(([name]) => !REQUEST_PARAMETERS.has(name));
  if (unknown.length > 0)
    throw new BuiltinError(`operand 1 invalid request parameters(s): ${names(unknown)}`);
  const [url, method] = [requiredText(request, 'url'), requiredText(request, 'method')];
  const given = request.get('headers');
  if (given !== undefined && !(given instanceof RegoObject)) throw wrongType(0, given, 'object');
  const headers = (given?.entries ?? []).map(([name, value]): [string, string] => [
    asText(name),
    asText(value),
  ]);
  const unsigned = config.get('disable_payload_signing');
  const digest = unsigned !== undefined && flag(unsigned, 2) ? 'UNSIGNED-PAYLOAD' : sha256(bodyOf(request));
  const signed = sign({ method, url: parseRequestUrl(url), headers, digest, instant, credentials });
  const all = new RegoObject([...headers, ['Authorization', signed.authorization], ...signed.headers]);
  return new RegoObject([...request.entries, ['headers', all]]);
}

function readCredentials(config: RegoObject): Credentials {
  const required = ['aws_access_key', 'aws_region', 'aws_secret_access_key', 'aws_service'] as const;
  const values = required.map((name) => [name, config.get(name)] as const);
  const missing = values.filter(([, value]) => value === undefined);
  if (missing.length > 0)
    throw new BuiltinError(`operand 2 missing required AWS config parameters(s): ${names(missing)}`);
  const invalid = values.filter(([, value]) => typeof value !== 'string');
  if (invalid.length > 0)
    throw new BuiltinError(
      `operand 2 invalid values for required AWS config parameters(s): ${names(invalid)}`,
    );
  const read = (name: string): string => asText(config.get(name) ?? '');
  return {
    accessKey: read('aws_access_key'),
    secret: read('aws_secret_access_key'),
    region: read('aws_region'),
    service: read('aws_service'),
    sessionToken: read('aws_session_token'),
  };
}

const names = (entries: readonly (readonly [RegoValue, unknown])[]): string =>
  `{${entries.map(([name]) => writeJson(name)).join(', ')}}`;

const asText = (value: RegoValue): string => (typeof value === 'string' ? value : '');

/** Whole seconds since the epoch, in milliseconds. */
function readTime(time: RegoValue | undefined): number {
  if (time === undefined || !isNumber(time)) throw wrongType(1, time, 'number');
  const whole = asInt64(time);
  if (whole === undefined)
    throw new BuiltinError('operand 3 could not convert time_ns value into a unix timestamp');
  const rest = ((whole % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((whole - rest) / 1_000_000n);
}

function requiredText(request: RegoObject, name: string): string {
  const value = request.get(name);
  if (value === undefined)
    throw new BuiltinError(`operand 1 missing required request parameters(s): {"${name}"}`);
  if (typeof value !== 'string')
    throw new BuiltinError(`operand 1 invalid values for required request parameters(s): {"${name}"}`);
  return value;
}

function parseRequestUrl(url: string): FullUrl {
  try {
    return parseFullUrl(url);
  } catch (error) {
    throw error instanceof UrlError ? new BuiltinError(error.message) : error;
  }
}

function bodyOf(request: RegoObject): string {
  const raw = request.get('raw_body');
  if (raw !== undefined) return asText(raw);
  const body = request.get('body');
  return body === undefined ? '' : writeJson(body);
}

interface Signing {
  readonly method: string;
  readonly url: FullUrl;
  readonly headers: readonly (readonly [string, string])[];
  /** Of the body, in hexadecimal. */
  readonly digest: string;
  readonly instant: number;
  readonly credentials: Credentials;
}

/** Proxies change these on the way. */
const UNSIGNED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'user-agent', 'x-amzn-trace-id']);

function sign({ method, url, headers, digest, instant, credentials }: Signing): {
  readonly authorization: string;
  readonly headers: readonly (readonly [string, string])[];
} {
  const { accessKey, secret, region, service, sessionToken } = credentials;
  const time = compactTime(instant);
  const date = time.slice(0, -'T000000Z'.length);
  const added: [string, string][] = [
    ['host', url.host],
    ['x-amz-date', time],
  ];
  if (service === 's3' || service === 'glacier') added.push(['x-amz-content-sha256', digest]);
  if (sessionToken !== '') added.push(['x-amz-security-token', sessionToken]);
  const own = headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !UNSIGNED_HEADERS.has(name));
  // As an object, so that the headers come in the order of their names' bytes and later ones win.
  const toSign = new RegoObject([...added, ...own]).entries as readonly (readonly [string, string])[];
  const list = toSign.map(([name]) => name).join(';');
  const lines = toSign.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [method, url.escapedPath, url.rawQuery, lines, list, digest].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    (previous, part) => hmac(previous, part),
    hmac(Buffer.from(`AWS4${secret}`), date),
  );
  const signature = hmac(key, text).toString('hex');
  const credential = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}`;
  return { authorization: `${credential},SignedHeaders=${list},Signature=${signature}`, headers: added };
}

/** `20130524T000000Z` */
const compactTime = (instant: number): string =>
  new Date(instant).toISOString().replaceAll('-', '').replaceAll(':', '').replace('.000', '');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
