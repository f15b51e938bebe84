# METADATA
# title: Test coverage reaches the floor
# description: |-
#   Each coverage report is judged by itself, in what it counts (statements, lines, block statements) and as
#   whole numbers; reports of different tools are never added up. A report that measured nothing shows nothing, and
#   neither does a report that does not know a file it should: where a list of expected files is among the evidence,
#   each of them stands in some report.
# custom:
#   id: coverage-floor
#   severity: medium
#   messages:
#     coverage-floor.below-floor: "{tool} covers {covered} of {total} ({basis}), which is {percent} %; the floor is {floor} %."
#     coverage-floor.nothing-measured: "{tool} measured nothing, which is not 100 %."
#     coverage-floor.expected-files-missing: "Of the {expected} files that should be measured, {count} stand in no report: {files}."
#     coverage-floor.evidence-missing: "There is no {kind} evidence, so nobody knows what the tests reach."
#     coverage-floor.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     coverage-floor.evidence-incomplete: "The {kind} measurement did not finish: {reasons}."
#     coverage-floor.evidence-error: "The {kind} measurement did not run, or its report cannot be read: {reasons}."
#     coverage-floor.evidence-not-measured: "The {kind} report says that nothing was measured: {reasons}."
#     coverage-floor.evidence-unknown: "The {kind} report cannot be understood: {reasons}."
#   remediation: Write tests for what the report lists as not covered, run all tests, and submit the new report.
#   controls: ["NIST-SSDF:PW.8.2", "ISO27001:A.8.29"]
#   parameters: [coverage_floor]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.coverage_floor

import data.assay.lib.coverage
import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report
import data.assay.lib.source

lowest := parameters.percent("coverage_floor")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": ((evidence.gaps("coverage") | nothing_measured) | (source_gaps | not_reported)),
	"facts": {
		"floorHundredths": lowest,
		"reports": count(evidence.documents("coverage")),
		"reachingFloor": count(reaching),
		"expectedFiles": count(source.expected),
		"expectedFilesMissing": count(missing),
	},
})

# A list is nobody's duty, but one that cannot be read is no list of nothing.
default source_gaps := set()

source_gaps := evidence.gaps("source") if count(evidence.documents("source")) > 0

missing := {path |
	some path in source.expected
	not source.is_measured(path)
}

not_reported contains gap if {
	count(evidence.complete("coverage")) > 0
	count(missing) > 0
	gap := report.gap(
		"expected-files-missing",
		{
			"expected": count(source.expected),
			"count": count(missing),
			"files": concat(", ", array.slice(sort(missing), 0, 20)),
		},
		null,
	)
}

reaches_floor(document) if coverage.reaches(document, lowest)

reaching := [document | some document in evidence.complete("coverage"); reaches_floor(document)]

violations contains violation if {
	some document in evidence.complete("coverage")
	coverage.measured(document)
	not reaches_floor(document)
	violation := report.of_document("below-floor", document, {
		"tool": evidence.tools(document),
		"basis": document.coverage.basis,
		"covered": document.coverage.covered,
		"total": document.coverage.total,
		"percent": coverage.percent(document),
		"floor": input.parameters.coverage_floor,
	})
}

nothing_measured contains report.gap("nothing-measured", {"tool": evidence.tools(document)}, document.digest) if {
	some document in evidence.complete("coverage")
	not coverage.measured(document)
}
