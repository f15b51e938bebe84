# METADATA
# title: All tests pass
# description: |-
#   Each test that failed, or broke before it could, is a violation of its own. Tests that were skipped show
#   nothing and may be at most as many as the checklist allows; tests that failed and then passed count as the
#   checklist says.
# custom:
#   id: tests-pass
#   severity: high
#   messages:
#     tests-pass.test-failed: "{test} failed: {message}"
#     tests-pass.test-flaky: "{test} failed and then passed: {message}"
#     tests-pass.too-many-skipped: "{skipped} tests were skipped; at most {allowed} may be."
#     tests-pass.evidence-missing: "There is no {kind} evidence, so nobody knows whether the tests pass."
#     tests-pass.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     tests-pass.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     tests-pass.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     tests-pass.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     tests-pass.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Repair what the test shows, or the test; run all tests again and submit the report.
#   controls: ["NIST-SSDF:PW.8.2", "ISO27001:A.8.29"]
#   parameters: [tests_skipped_allowed, flaky_tests_block]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.tests_pass

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

skipped_allowed := parameters.integer("tests_skipped_allowed")

flaky_blocks := parameters.flag("flaky_tests_block")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": evidence.gaps("tests"),
	"facts": {
		"passed": total("passed"),
		"failed": total("failed") + total("errors"),
		"skipped": skipped,
		"flaky": total("flaky"),
		"skippedAllowed": skipped_allowed,
		"flakyBlocks": flaky_blocks,
	},
})

runs := [document |
	some document in evidence.documents("tests")
	is_object(document.tests)
]

total(outcome) := sum([document.tests[outcome] | some document in runs])

skipped := total("skipped")

violations contains violation if {
	some document in runs
	some case in document.tests.cases
	case.outcome in {"failed", "error"}
	violation := report.of_subject("test-failed", document, name(case), {"test": name(case), "message": case.message})
}

violations contains violation if {
	flaky_blocks
	some document in runs
	some case in document.tests.cases
	case.outcome == "flaky"
	violation := report.of_subject("test-flaky", document, name(case), {"test": name(case), "message": case.message})
}

violations contains violation if {
	some document in runs
	skips := document.tests.skipped
	skips > skipped_allowed
	violation := report.of_document("too-many-skipped", document, {"skipped": skips, "allowed": skipped_allowed})
}

# What is not there is left out; of two tests of one name the second is told apart.
name(case) := concat(" > ", [part |
	some part in [case.suite, case.classname, case.name, again(case)]
	is_string(part)
	part != ""
])

again(case) := "" if {
	case.occurrence == 0
} else := sprintf("#%d", [case.occurrence + 1])
