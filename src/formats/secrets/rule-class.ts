/**
 * Our classes of secrets by the rule ids and detector names of tools, so that the same secret has the same class
 * whoever finds it. Compared in lower case, runs of other characters than letters and digits as one hyphen.
 */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  'github-token': [
    ...['github', 'github-pat', 'github-oauth', 'github-app-token', 'github-refresh-token', 'github-v2'],
    ...['github-fine-grained-pat', 'githuboauth2', 'github-token', 'secretlint-secretlint-rule-github'],
  ],
  'gitlab-token': [
    'gitlab',
    'gitlabv2',
    'gitlab-pat',
    'gitlab-ptt',
    'gitlab-rrt',
    'gitlab-token',
    'gitlab-deploy-token',
  ],
  'aws-access-key-id': [
    ...[
      'aws',
      'aws-access-token',
      'aws-access-key',
      'aws-access-key-id',
      'aws-access-keyid',
      'awsaccesskeyid',
    ],
    ...['secretlint-secretlint-rule-aws-awsaccesskeyid', 'awssessionkey'],
  ],
  'aws-secret-key': [
    ...['aws-secret-access-key', 'aws-secret-key', 'awssecretaccesskey'],
    ...['secretlint-secretlint-rule-aws-awssecretaccesskey'],
  ],
  'slack-token': [
    ...[
      'slack',
      'slack-token',
      'slack-access-token',
      'slack-bot-token',
      'slack-user-token',
      'slack-app-token',
    ],
    ...['slack-legacy-token', 'slack-legacy-bot-token', 'secretlint-secretlint-rule-slack'],
  ],
  'slack-webhook': ['slackwebhook', 'slack-webhook', 'slack-webhook-url', 'slack-web-hook'],
  'stripe-key': ['stripe', 'stripe-access-token', 'stripe-secret-token', 'stripe-api-key'],
  'google-api-key': ['googleapikey', 'gcp-api-key', 'google-api-key', 'google-gemini-api-key'],
  'google-oauth': ['gcp', 'gcp-service-account', 'googleoauth2', 'gcp-oauth-client-secret'],
  'npm-token': ['npmtoken', 'npmtokenv2', 'npm-access-token', 'npm-token', 'secretlint-secretlint-rule-npm'],
  'pypi-token': ['pypi', 'pypi-token', 'pypi-upload-token'],
  'private-key': [
    ...[
      'privatekey',
      'private-key',
      'rsa-pk',
      'rsa-private-key',
      'asymmetric-private-key',
      'ssh-private-key',
    ],
    'secretlint-secretlint-rule-privatekey',
  ],
  jwt: ['jwt', 'jwt-base64', 'json-web-token', 'jwt-token'],
  'sendgrid-key': [
    'sendgrid',
    'sendgrid-api-token',
    'sendgrid-api-key',
    'secretlint-secretlint-rule-sendgrid',
  ],
  'digitalocean-token': [
    'digitaloceantoken',
    'digitalocean-pat',
    'digitalocean-access-token',
    'digitaloceanv2',
  ],
  'hugging-face-token': ['huggingface', 'huggingface-access-token', 'hugging-face-access-token'],
  'model-api-key': ['openai', 'openai-api-key', 'anthropic', 'anthropic-api-key', 'openai-token'],
  'azure-storage-key': ['azure-storage', 'azurestorage', 'azure-storage-key', 'azure-storage-account-key'],
  'azure-client-secret': ['azure', 'azure-ad-client-secret', 'azureactivedirectoryapplicationsecret'],
  'url-credentials': ['uri', 'basic-auth-credentials', 'secretlint-secretlint-rule-basicauth'],
};

const BY_RULE: ReadonlyMap<string, string> = new Map(
  Object.entries(CLASSES).flatMap(([name, rules]) => rules.map((rule) => [rule, name] as const)),
);

/** The class of a tool's rule: ours where we know one, else the rule itself, so that none are thrown together. */
export function ruleClassOf(rule: string): string {
  const slug = rule
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return BY_RULE.get(slug) ?? (slug === '' ? 'unnamed' : slug.slice(0, 120));
}
