# METADATA
# title: No secrets in the artefact
# description: |-
#   One secret is too many, however the tool rates it. A secret that was published is revoked, not only removed.
#   A false alarm is excused by a waiver that names the finding, never by an ignore file of the tool.
# custom:
#   id: no-secrets
#   severity: critical
#   messages:
#     no-secrets.secret-found: "{tool} reports a secret ({rule})."
#     no-secrets.evidence-missing: "There is no {kind} evidence, so nobody knows whether a secret is in the artefact."
#     no-secrets.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     no-secrets.evidence-incomplete: "The search for secrets did not finish: {reasons}."
#     no-secrets.evidence-error: "The search for secrets did not run, or its report cannot be read: {reasons}."
#     no-secrets.evidence-not-measured: "The search for secrets looked at nothing: {reasons}."
#     no-secrets.evidence-unknown: "The {kind} report cannot be understood: {reasons}."
#   remediation: Revoke the secret where it is accepted, take it out of the artefact and its history, keep its successor in a vault, and scan again.
#   controls: ["ISO27001:A.5.17", "SOC2:CC6.1"]
#   parameters: []
#   findings: [{ kind: secret }]
# schemas:
#   - input: schema["input"]
package assay.rules.no_secrets

import data.assay.lib.evidence
import data.assay.lib.findings
import data.assay.lib.report

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": evidence.gaps("secrets"),
	"facts": {"found": findings.total("secret")},
})

violations contains report.of_finding("secret-found", finding) if {
	some finding in findings.open("secret")
}
