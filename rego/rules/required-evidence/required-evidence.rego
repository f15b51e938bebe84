# METADATA
# title: The required evidence is there, complete and fresh
# description: |-
#   A checklist names the kinds of evidence a gate must see. Whatever is missing, stale, unfinished or
#   unreadable is a gap, and a gate with a gap cannot say PASS. Nothing here is a violation: without evidence
#   nobody knows whether the artefact is good or bad. So is a report of which not even the kind can be told: it
#   may be the one that says no.
# custom:
#   id: required-evidence
#   severity: high
#   messages:
#     required-evidence.evidence-missing: "There is no {kind} evidence for this artefact."
#     required-evidence.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     required-evidence.evidence-incomplete: "The tool that made the {kind} evidence did not finish: {reasons}."
#     required-evidence.evidence-error: "The tool that should make the {kind} evidence did not run, or its report cannot be read: {reasons}."
#     required-evidence.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     required-evidence.evidence-unknown: "The {kind} evidence cannot be understood: {reasons}."
#     required-evidence.report-unreadable: "A report was handed in that nobody can read, so nobody knows what it would say: {reasons}."
#   remediation: Run the tool that answers this kind of question on exactly this artefact, let it finish, and submit its report.
#   controls: ["NIST-SSDF:PW.7.2", "ISO27001:A.8.29", "SOC2:CC8.1"]
#   parameters: [required_evidence_kinds]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.required_evidence

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

required := parameters.texts("required_evidence_kinds")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": count(required) > 0,
	"violations": set(),
	"gaps": gaps,
	"facts": {"required": count(required), "satisfied": count(satisfied)},
})

gaps contains gap if {
	some kind in required
	some gap in evidence.gaps(kind)
}

gaps contains report.gap("report-unreadable", {"reasons": evidence.reasons(document)}, document.digest) if {
	some document in input.evidence
	count(document.kinds) == 0
	unreadable(document)
}

unreadable(document) if document.state == "ERROR"

unreadable(document) if document.format == "unknown"

satisfied contains kind if {
	some kind in required
	count(evidence.gaps(kind)) == 0
}
