// Policies and documents with the dimensions of the engine's reference figures; made by counting, so equal everywhere.

/** Users with roles, roles with grants. */
export function rbacData(users, roles, grants) {
  const kinds = ['order', 'invoice', 'report', 'customer', 'product'];
  const actions = ['read', 'write', 'delete', 'approve'];
  const grantOf = (index) => ({
    action: actions[index % actions.length],
    kind: `${kinds[index % kinds.length]}-${Math.floor(index / 20)}`,
  });
  return {
    user_roles: Object.fromEntries(
      Array.from({ length: users }, (_, user) => [
        `user-${user}`,
        [`role-${user % roles}`, `role-${(user * 7 + 1) % roles}`],
      ]),
    ),
    role_grants: Object.fromEntries(
      Array.from({ length: roles }, (_, role) => [
        `role-${role}`,
        Array.from({ length: grants }, (_, grant) => grantOf(role + grant)),
      ]),
    ),
  };
}

export const rbacInput = { user: 'user-3', action: 'write', kind: 'invoice-0' };

const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'];
const finding = (index) => ({
  rule: `rule-${index % 40}`,
  severity: SEVERITIES[index % 4],
  path: `src/module-${index % 60}/file-${index % 7}.ts`,
  line: index,
  fingerprint: `fp-${index.toString(16).padStart(8, '0')}`,
});

/** 50 findings, 100 components, coverage and 5 waivers: about 7 kB; 5 violations are left. */
export function gateInput() {
  return {
    asOf: '2026-11-20T12:00:00Z',
    parameters: { floor: 'high', licences: ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'ISC'], coverage: 80 },
    findings: Array.from({ length: 50 }, (_, index) => ({
      rule: `r${index % 40}`,
      severity: index % 5 === 0 ? 'high' : SEVERITIES[index % 3],
      path: `src/m${index}.ts`,
      line: index,
      fingerprint: `fp-${index}`,
    })),
    components: Array.from({ length: 100 }, (_, index) => ({
      licence: ['MIT', 'ISC', 'Apache-2.0'][index % 3],
      purl: `pkg:npm/p${index}@1.${index % 10}`,
    })),
    coverage: [{ tool: 'c8', covered: 8123, total: 9500 }],
    waivers: Array.from({ length: 5 }, (_, index) => ({
      fingerprint: `fp-${index * 10}`,
      from: '2026-11-01T00:00:00Z',
      until: '2026-12-01T00:00:00Z',
    })),
  };
}

/** About 0.8 MB: 7,320 findings. */
export const largeInput = () => ({
  findings: Array.from({ length: 60 }, (_, module) =>
    Array.from({ length: 122 }, (_, index) => finding(module * 122 + index)),
  ),
});

/** One of the policies that look at the same large document; each at its own module's findings. */
export const manyPolicy = (index) => `package bench.many.p${index}

default verdict := "PASS"

verdict := "FAIL" if count(hits) > 0

hits contains finding.fingerprint if {
	some finding in input.findings[${index}]
	finding.severity == "high"
	startswith(finding.path, "src/module-${index}/")
}
`;
