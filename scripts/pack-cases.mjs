// The worked examples of the packs (policies/*/cases) as inputs of their rules: for the check and for the tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';

const ROOT = join(import.meta.dirname, '..');

/** Every pack of policies/ with its cases. */
export function readPacks() {
  const folder = join(ROOT, 'policies');
  const yaml = (...path) => parseYaml(readFileSync(join(folder, ...path), 'utf8'));
  const defaults = yaml('case-defaults.yaml');
  const packs = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return packs.map(({ name }) => ({
    folder: name,
    policy: yaml(name, 'policy.yaml'),
    messages: yaml(name, 'messages.nl.yaml'),
    defaults,
    cases: readdirSync(join(folder, name, 'cases'))
      .sort()
      .flatMap((file) => {
        const { judge, cases: tried } = yaml(name, 'cases', file);
        return tried.map((each) => ({ judge, ...each }));
      }),
  }));
}

/** What a case asks, and of which package: its own words over the defaults. */
export function question(
  { policy, defaults },
  { judge, parameters, artefact, agent, evidence, baseline, question: asked },
) {
  const values = Object.fromEntries(
    Object.entries(policy.parameters).map(([name, declared]) => [
      name,
      parameters?.[name] ?? declared.default,
    ]),
  );
  const name = judge.replaceAll('-', '_');
  if (asked) return { package: name, input: { ...asked, parameters: values } };
  return {
    package: name,
    input: {
      artefact: {
        ...merged(defaults.artefact, artefact),
        agent: agent ? merged(defaults.agent, agent) : null,
      },
      gate: defaults.gate,
      parameters: values,
      evidence: (evidence ?? []).map((document) => completed(defaults, document)),
      ...(baseline && { baseline: merged(defaults.baseline, baseline) }),
    },
  };
}

/** A document as a case states it, filled with policies/case-defaults.yaml. */
function completed(defaults, document) {
  const whole = merged(defaults.document, document);
  const findings = whole.findings.map((finding) => merged(defaults.finding, finding));
  return {
    ...whole,
    findings,
    aggregates: findings.map(({ kind, level, severity, baseline, toolSuppression }) => ({
      ...{ kind, level, severity, baseline, toolSuppression },
      count: 1,
    })),
    components: whole.components.map((component) => merged(defaults.component, component)),
    vulnerabilities: whole.vulnerabilities.map((one) => merged(defaults.vulnerability, one)),
    attestations: whole.attestations.map((one) => merged(defaults.attestation, one)),
    statements: whole.statements.map((one) => merged(defaults.statement, one)),
    ...Object.fromEntries(
      ['coverage', 'tests', 'loadTest'].map((part) => [
        part,
        document[part] ? merged(defaults[part], document[part]) : null,
      ]),
    ),
  };
}

/** Objects are merged, anything else is replaced. */
function merged(base, changes = {}) {
  const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(changes)])].map((key) => {
      if (!(key in changes)) return [key, base[key]];
      return [
        key,
        isObject(base[key]) && isObject(changes[key]) ? merged(base[key], changes[key]) : changes[key],
      ];
    }),
  );
}
