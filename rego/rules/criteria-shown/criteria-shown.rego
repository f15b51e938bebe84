# METADATA
# title: Every acceptance criterion is shown by a test that passed
# description: |-
#   A criterion is linked to tests by the list of criteria, which names the tests, or by the tests, which name the
#   criterion. It is shown when one of them passed and none failed. A criterion that no test is linked to, one whose
#   tests did not run or were skipped, and a test that names a criterion nobody knows are told apart.
# custom:
#   id: criteria-shown
#   severity: high
#   messages:
#     criteria-shown.no-test: "{criterion} ({title}) is linked to no test."
#     criteria-shown.test-failed: "{criterion} ({title}) is not met: {test} failed: {message}"
#     criteria-shown.test-skipped: "{criterion} ({title}) is not shown: {tests} skipped, and no other test shows it."
#     criteria-shown.test-flaky: "{criterion} ({title}) is not shown: {tests} failed and then passed, and no other test shows it."
#     criteria-shown.test-not-run: "{criterion} ({title}) names {test}, which is in no report."
#     criteria-shown.unknown-criterion: "{test} names the criterion {criterion}, which is in no list of criteria."
#     criteria-shown.tests-not-kept: "{criterion} names {test}; the report is too large to keep every test that passed, so nobody knows."
#     criteria-shown.evidence-missing: "There is no {kind} evidence, so nobody knows which criteria are met."
#     criteria-shown.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     criteria-shown.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     criteria-shown.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     criteria-shown.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     criteria-shown.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Link each criterion to a test that shows it, run that test, and repair what it finds.
#   controls: ["NIST-SSDF:PW.8.2", "ISO27001:A.8.29", "ISO27001:A.8.26"]
#   parameters: [flaky_tests_block]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.criteria_shown

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

flaky_blocks := parameters.flag("flaky_tests_block")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": gaps,
	"facts": {
		"criteria": count(criteria),
		"shown": count(shown),
		"unlinked": count(unlinked),
		"flakyBlocks": flaky_blocks,
	},
})

criteria := [{"criterion": criterion, "document": document} |
	some document in evidence.documents("acceptance")
	some criterion in document.criteria
]

known_ids := {each.criterion.id | some each in criteria}

# Tests by their name and by the criteria they name: there may be many of both.
by_name[seen.name] contains {"test": seen, "digest": document.digest} if {
	some document in evidence.documents("tests")
	some seen in document.tests.cases
}

by_criterion[id] contains {"test": seen, "digest": document.digest} if {
	some document in evidence.documents("tests")
	some seen in document.tests.cases
	some id in seen.criteria
}

matching(link) := {found |
	some found in by_name[link.name]
	fits(link.suite, found.test.suite)
	fits(link.classname, found.test.classname)
}

# What a link leaves out fits any.
fits(null, _)

fits(part, part)

linked(criterion) := by_link | by_property if {
	by_link := {found | some link in criterion.tests; some found in matching(link)}
	by_property := {found | some found in by_criterion[criterion.id]}
}

with_outcome(criterion, outcomes) := {found |
	some found in linked(criterion)
	found.test.outcome in outcomes
}

good := {"passed"} | {"flaky" | not flaky_blocks}

bad := {"failed", "error"}

failing := {each.criterion.id | some each in criteria; count(with_outcome(each.criterion, bad)) > 0}

passing := {each.criterion.id | some each in criteria; count(with_outcome(each.criterion, good)) > 0}

shown := passing - failing

decided := passing | failing

# Neither shown nor known not to be met.
unshown := [each |
	some each in criteria
	each.criterion.id in (known_ids - decided)
]

unlinked := [each |
	some each in criteria
	count(each.criterion.tests) == 0
	count(linked(each.criterion)) == 0
]

# Tests that a criterion names and that are in no report.
unmatched := [object.union(each, {"link": link}) |
	some each in criteria
	some link in each.criterion.tests
	count(matching(link)) == 0
]

# Nobody knows how tests ended that their report was too large to keep.
not_kept := [dropped |
	some document in evidence.documents("tests")
	some dropped in document.dropped
	dropped.what in {"tests", "passed-tests"}
]

violations contains violation if {
	some each in unlinked
	count(not_kept) == 0
	violation := report.of_subject("no-test", each.document, each.criterion.id, {
		"criterion": each.criterion.id,
		"title": each.criterion.title,
	})
}

violations contains violation if {
	some each in criteria
	some found in with_outcome(each.criterion, bad)
	violation := report.of_subject("test-failed", {"digest": found.digest}, each.criterion.id, {
		"criterion": each.criterion.id,
		"title": each.criterion.title,
		"test": name(found.test),
		"message": found.test.message,
	})
}

violations contains violation if {
	some each in unshown
	found := with_outcome(each.criterion, {"skipped"})
	count(found) > 0
	violation := report.of_subject("test-skipped", each.document, each.criterion.id, {
		"criterion": each.criterion.id,
		"title": each.criterion.title,
		"tests": names(found),
	})
}

violations contains violation if {
	flaky_blocks
	some each in unshown
	found := with_outcome(each.criterion, {"flaky"})
	count(found) > 0
	violation := report.of_subject("test-flaky", each.document, each.criterion.id, {
		"criterion": each.criterion.id,
		"title": each.criterion.title,
		"tests": names(found),
	})
}

violations contains violation if {
	some miss in unmatched
	count(not_kept) == 0
	violation := report.of_subject("test-not-run", miss.document, miss.criterion.id, {
		"criterion": miss.criterion.id,
		"title": miss.criterion.title,
		"test": name(miss.link),
	})
}

violations contains violation if {
	some id in (object.keys(by_criterion) - known_ids)
	some one in by_criterion[id]
	violation := report.of_subject("unknown-criterion", {"digest": one.digest}, id, {
		"criterion": id,
		"test": name(one.test),
	})
}

gaps contains gap if {
	some kind in ["acceptance", "tests"]
	some gap in evidence.gaps(kind)
}

gaps contains gap if {
	count(not_kept) > 0
	some miss in unmatched
	gap := report.gap(
		"tests-not-kept",
		{"criterion": miss.criterion.id, "test": name(miss.link)},
		miss.document.digest,
	)
}

gaps contains gap if {
	count(not_kept) > 0
	some each in unlinked
	gap := report.gap("tests-not-kept", {"criterion": each.criterion.id, "test": ""}, each.document.digest)
}

names(found) := concat(", ", sort({name(one.test) | some one in found}))

name(test) := concat(" > ", [part |
	some part in [test.suite, test.classname, test.name]
	is_string(part)
	part != ""
])
