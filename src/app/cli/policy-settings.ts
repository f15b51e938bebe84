import { failed, ok, type Result } from '../../kernel/result.js';

/** Where the service is, and who asks. */
export interface ServiceSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/**
 * `ASSAY_URL` and `ASSAY_TOKEN`: all that a client needs. The settings of the service are not asked for, because
 * an officer's machine has none.
 */
export function readServiceSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Result<ServiceSettings, { readonly problems: readonly string[] }> {
  const { ASSAY_URL: url = 'http://127.0.0.1:8080', ASSAY_TOKEN: token = '' } = environment;
  const problems = [
    ...(/^https?:\/\//.test(url) && URL.canParse(url) ? [] : ['ASSAY_URL: expected http:// or https://']),
    ...(token === '' ? ['ASSAY_TOKEN: required, the bearer token of whoever asks'] : []),
  ];
  if (problems.length > 0) return failed({ problems });
  return ok({ url: url.replace(/\/+$/, ''), token });
}
