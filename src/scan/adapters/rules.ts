/**
 * Rules of our own, small and few: what the customer's checklist needs beyond them comes from the tools' own rule sets,
 * which teams put into their pipelines. Each is about something that is wrong wherever it stands.
 */
export const SEMGREP_RULES = `rules:
  - id: assay.python.shell-true
    languages: [python]
    severity: ERROR
    message: A command line is handed to a shell (CWE-78).
    pattern: subprocess.$CALL(..., shell=True, ...)
  - id: assay.python.weak-hash
    languages: [python]
    severity: WARNING
    message: MD5 and SHA-1 can be forged (CWE-327).
    pattern-either:
      - pattern: hashlib.md5(...)
      - pattern: hashlib.sha1(...)
  - id: assay.python.eval
    languages: [python]
    severity: ERROR
    message: Text is run as code (CWE-95).
    pattern-either:
      - pattern: eval(...)
      - pattern: exec(...)
  - id: assay.python.unsafe-load
    languages: [python]
    severity: ERROR
    message: What is loaded may run code (CWE-502).
    pattern-either:
      - pattern: pickle.loads(...)
      - pattern: yaml.load($X)
  - id: assay.javascript.eval
    languages: [javascript, typescript]
    severity: ERROR
    message: Text is run as code (CWE-95).
    pattern-either:
      - pattern: eval(...)
      - pattern: new Function(...)
  - id: assay.javascript.shell
    languages: [javascript, typescript]
    severity: ERROR
    message: A command line is handed to a shell (CWE-78).
    patterns:
      - pattern: exec($COMMAND, ...)
      - pattern-not: exec("...", ...)
  - id: assay.go.shell
    languages: [go]
    severity: ERROR
    message: A command line is handed to a shell (CWE-78).
    pattern: exec.Command("sh", "-c", ...)
  - id: assay.go.tls-unverified
    languages: [go]
    severity: ERROR
    message: Certificates are not verified (CWE-295).
    pattern: "tls.Config{..., InsecureSkipVerify: true, ...}"
`;

export const AST_GREP_RULES = `id: assay-js-eval
language: JavaScript
severity: error
message: Text is run as code (CWE-95).
rule:
  any:
    - pattern: eval($$$)
    - pattern: new Function($$$)
---
id: assay-ts-eval
language: TypeScript
severity: error
message: Text is run as code (CWE-95).
rule:
  any:
    - pattern: eval($$$)
    - pattern: new Function($$$)
---
id: assay-python-shell-true
language: Python
severity: error
message: A command line is handed to a shell (CWE-78).
rule:
  kind: keyword_argument
  regex: ^shell\\s*=\\s*True$
---
id: assay-go-tls-unverified
language: Go
severity: error
message: Certificates are not verified (CWE-295).
rule:
  kind: keyed_element
  regex: ^InsecureSkipVerify\\s*:\\s*true$
`;

export const ESLINT_CONFIG = `import parser from '@typescript-eslint/parser';
import security from 'eslint-plugin-security';

export default [
  { ignores: ['**/node_modules/**', '**/dist/**'] },
  { files: ['**/*.{js,mjs,cjs,jsx}'], ...security.configs.recommended },
  { files: ['**/*.{ts,tsx,mts,cts}'], ...security.configs.recommended, languageOptions: { parser } },
  {
    files: ['**/*.{js,mjs,cjs,jsx,ts,tsx,mts,cts}'],
    rules: {
      'security/detect-eval-with-expression': 'error',
      'security/detect-child-process': 'error',
      'security/detect-object-injection': 'off',
    },
  },
];
`;
