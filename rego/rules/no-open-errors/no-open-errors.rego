# METADATA
# title: No static-analysis error is open
# description: |-
#   What a tool itself calls an error must be gone before work counts as done. Warnings and notes may stay. This
#   reads the tool's own level, whatever severity the finding has on the common scale.
# custom:
#   id: no-open-errors
#   severity: medium
#   messages:
#     no-open-errors.open-error: "{tool} reports an error, {rule}: {message}"
#     no-open-errors.evidence-missing: "There is no {kind} evidence, so nobody knows whether errors are open."
#     no-open-errors.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     no-open-errors.evidence-incomplete: "Static analysis did not finish, so errors may be missing: {reasons}."
#     no-open-errors.evidence-error: "Static analysis did not run, or its report cannot be read: {reasons}."
#     no-open-errors.evidence-not-measured: "Static analysis looked at nothing: {reasons}."
#     no-open-errors.evidence-unknown: "The {kind} report cannot be understood: {reasons}."
#   remediation: Fix what the tool reports and run it again, or ask for a waiver that names the finding.
#   controls: ["NIST-SSDF:PW.7.2", "ISO27001:A.8.28"]
#   parameters: []
#   findings: [{ kind: sast, level: error }]
# schemas:
#   - input: schema["input"]
package assay.rules.no_open_errors

import data.assay.lib.evidence
import data.assay.lib.findings
import data.assay.lib.report

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": evidence.gaps("sast"),
	"facts": {"open": findings.total("sast"), "errors": count(violations)},
})

violations contains report.rated(finding.severity, report.of_finding("open-error", finding)) if {
	some finding in findings.open("sast")
	finding.level == "error"
}
