# METADATA
# title: Nothing new at or above the floor
# description: |-
#   Against an earlier version of the artefact, which the checklist or the question names: every finding and known
#   vulnerability counts that was not there then and is at least as severe as the floor. What stood there stays as it
#   was judged then, however far it moved. Whatever cannot be told new from old is a gap.
# custom:
#   id: no-new-findings
#   severity: high
#   messages:
#     no-new-findings.new-finding: "New since the earlier version: {tool} reports {rule} ({severity}): {message}"
#     no-new-findings.new-vulnerability: "New since {baseline}: {component} is affected by {id} ({severity})."
#     no-new-findings.no-baseline: "No earlier version is named to compare with, so nobody knows what is new."
#     no-new-findings.baseline-unusable: "The earlier version {baseline} cannot be compared with: {problem}."
#     no-new-findings.not-comparable: "Nobody can say which of {count} findings of {tool} are new since {baseline}: {why}."
#     no-new-findings.evidence-missing: "There is no {kind} evidence, so nobody knows what is new."
#     no-new-findings.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     no-new-findings.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     no-new-findings.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     no-new-findings.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     no-new-findings.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Fix what the change brought in. Where the earlier version cannot be compared with, scan it again with the same tools.
#   controls: ["NIST-SSDF:PW.7.2", "ISO27001:A.8.28", "SOC2:CC8.1"]
#   parameters: [new_findings_kinds, new_findings_floor, new_findings_unknown_severity_blocks, baseline_versions]
#   findings:
#     - { kind: sast, from: new_findings_floor }
#     - { kind: sast, severity: unknown, when: new_findings_unknown_severity_blocks }
#     - { kind: secret, from: new_findings_floor }
#     - { kind: secret, severity: unknown, when: new_findings_unknown_severity_blocks }
#     - { kind: misconfiguration, from: new_findings_floor }
#     - { kind: misconfiguration, severity: unknown, when: new_findings_unknown_severity_blocks }
#     - { kind: dast, from: new_findings_floor }
#     - { kind: dast, severity: unknown, when: new_findings_unknown_severity_blocks }
#     - { kind: quality, from: new_findings_floor }
#     - { kind: quality, severity: unknown, when: new_findings_unknown_severity_blocks }
#     - { kind: licence, from: new_findings_floor }
#     - { kind: licence, severity: unknown, when: new_findings_unknown_severity_blocks }
# schemas:
#   - input: schema["input"]
package assay.rules.no_new_findings

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report
import data.assay.lib.severity

kinds := parameters.texts("new_findings_kinds")

lowest := parameters.severity("new_findings_floor")

unknown_blocks := parameters.flag("new_findings_unknown_severity_blocks")

# The gate chooses the baseline by it; here it only has to be of its type.
named_by_checklist := parameters.text_lists("baseline_versions")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": count(kinds) > 0,
	"violations": violations,
	"gaps": gaps,
	"facts": {
		"floor": lowest,
		"unknownBlocks": unknown_blocks,
		"baseline": baseline,
		"baselinesNamed": count(named_by_checklist),
		"new": count(fresh),
		"notComparable": count(undecided),
	},
})

default baseline := ""

baseline := input.baseline.digest

is_asked(document) if {
	some kind in document.kinds
	kind in kinds
}

severe_enough(item) if severity.at_or_above(item.severity, lowest)

severe_enough(item) if {
	unknown_blocks
	severity.unknown(item.severity)
}

# At these places, of the documents that speak to the kinds asked about.
standing_at(places) := [seen |
	some place in places
	document := input.evidence[place.evidence]
	is_asked(document)
	item := document[place.list][place.at]
	severe_enough(item)
	seen := {"list": place.list, "item": object.union(item, {"evidence": document.digest})}
]

default fresh := []

fresh := standing_at(input.baseline.new)

default undecided := []

undecided := standing_at(input.baseline.unknown)

violations contains report.rated(seen.item.severity, report.of_finding("new-finding", seen.item)) if {
	some seen in fresh
	seen.list == "findings"
}

violations contains report.rated(seen.item.severity, violation) if {
	some seen in fresh
	seen.list == "vulnerabilities"
	violation := report.of_vulnerability("new-vulnerability", seen.item, {"baseline": baseline})
}

gaps contains gap if {
	some kind in kinds
	some gap in evidence.gaps(kind)
}

gaps contains report.gap("no-baseline", {}, null) if {
	count(kinds) > 0
	not input.baseline
}

gaps contains report.gap("baseline-unusable", {"baseline": baseline, "problem": input.baseline.problem.code}, null) if {
	input.baseline.problem.code
}

gaps contains report.gap("not-comparable", {"baseline": baseline, "tool": tool, "count": number, "why": why}, null) if {
	some tool in {seen.item.tool | some seen in undecided}
	why := object.get(input.baseline.incomparable, tool, "")
	number := count([seen | some seen in undecided; seen.item.tool == tool])
}
