# METADATA
# title: No open static-analysis finding at or above the floor
# description: |-
#   Every finding of a static-analysis tool counts that is in the artefact now and is at least as severe as the
#   floor the checklist sets. A suppression in the code or in the tool does not excuse it; a waiver does. A
#   finding whose severity nobody knows is on no side of the floor: the checklist says whether it blocks.
# custom:
#   id: sast-severity
#   severity: high
#   messages:
#     sast-severity.open-finding: "{tool} reports {rule} ({severity}): {message}"
#     sast-severity.unknown-severity: "{tool} reports {rule}, and nobody knows how severe it is: {message}"
#     sast-severity.evidence-missing: "There is no {kind} evidence, so nobody knows what static analysis would find."
#     sast-severity.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     sast-severity.evidence-incomplete: "Static analysis did not finish, so findings may be missing: {reasons}."
#     sast-severity.evidence-error: "Static analysis did not run, or its report cannot be read: {reasons}."
#     sast-severity.evidence-not-measured: "Static analysis looked at nothing: {reasons}."
#     sast-severity.evidence-unknown: "The {kind} report cannot be understood: {reasons}."
#   remediation: Fix the code that the finding points at and scan again. If the finding is wrong or the risk is accepted, ask for a waiver that names it.
#   controls: ["NIST-SSDF:PW.7.2", "ISO27001:A.8.28", "SOC2:CC7.1"]
#   parameters: [sast_severity_floor, sast_unknown_severity_blocks]
#   findings: [{ kind: sast, from: sast_severity_floor }, { kind: sast, severity: unknown, when: sast_unknown_severity_blocks }]
# schemas:
#   - input: schema["input"]
package assay.rules.sast_severity

import data.assay.lib.evidence
import data.assay.lib.findings
import data.assay.lib.parameters
import data.assay.lib.report
import data.assay.lib.severity

lowest := parameters.severity("sast_severity_floor")

unknown_blocks := parameters.flag("sast_unknown_severity_blocks")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": evidence.gaps("sast"),
	"facts": {
		"floor": lowest,
		"unknownBlocks": unknown_blocks,
		"open": findings.total("sast"),
		"atOrAboveFloor": count(too_severe),
		"unknownSeverity": findings.total_unrated("sast"),
	},
})

violations contains report.rated(finding.severity, report.of_finding("open-finding", finding)) if {
	some finding in too_severe
}

violations contains report.rated("unknown", report.of_finding("unknown-severity", finding)) if {
	unknown_blocks
	some finding in of_unknown_severity
}

too_severe := [finding |
	some finding in findings.open("sast")
	severity.at_or_above(finding.severity, lowest)
]

of_unknown_severity := [finding |
	some finding in findings.open("sast")
	severity.unknown(finding.severity)
]
