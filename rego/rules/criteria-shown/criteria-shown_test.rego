package assay.rules.criteria_shown_test

import data.assay.lib.examples_test as examples
import data.assay.rules.criteria_shown

lenient := {"flaky_tests_block": false}

strict := {"flaky_tests_block": true}

criterion(id, tests) := {"id": id, "title": "a voucher is taken once", "storyId": null, "tests": tests}

link(name) := {"suite": null, "classname": null, "name": name}

ran(name, outcome, criteria) := {
	"suite": "shop",
	"classname": "Cart",
	"name": name,
	"occurrence": 0,
	"outcome": outcome,
	"message": "1 is not 2",
	"criteria": criteria,
}

list(criteria) := examples.document({"kinds": ["acceptance"], "criteria": criteria})

report_of(cases) := examples.document({"kinds": ["tests"], "tests": examples.run_of_tests({"cases": cases})})

judged_by(parameters, criteria, cases) := answer if {
	asked := examples.asked([list(criteria), report_of(cases)], parameters)
	answer := criteria_shown.result with input as asked
}

judged(criteria, cases) := judged_by(lenient, criteria, cases)

test_shown_by_a_link_and_by_a_property if {
	answer := judged(
		[criterion("AC-1", [link("once")]), criterion("AC-2", [])],
		[ran("once", "passed", []), ran("twice", "passed", ["AC-2"])],
	)
	answer.violations == []
	answer.gaps == []
	answer.facts == {"criteria": 2, "shown": 2, "unlinked": 0, "flakyBlocks": false}
}

test_a_criterion_without_a_test if {
	answer := judged([criterion("AC-1", [])], [ran("once", "passed", [])])
	[violation] := answer.violations
	violation.code == "criteria-shown.no-test"
	violation.subject == "AC-1"
	answer.facts.unlinked == 1
}

test_a_failed_test_outweighs_one_that_passed if {
	answer := judged(
		[criterion("AC-1", [])],
		[ran("once", "passed", ["AC-1"]), ran("twice", "failed", ["AC-1"]), ran("thrice", "error", ["AC-1"])],
	)
	examples.violations(answer) == {"criteria-shown.test-failed"}
	{violation.params.test | some violation in answer.violations} == {"shop > Cart > twice", "shop > Cart > thrice"}
	answer.facts.shown == 0
}

test_skipped_tests_show_nothing if {
	answer := judged([criterion("AC-1", [])], [ran("a", "skipped", ["AC-1"]), ran("b", "skipped", ["AC-1"])])
	[violation] := answer.violations
	violation.code == "criteria-shown.test-skipped"
	violation.params.tests == "shop > Cart > a, shop > Cart > b"
	judged([criterion("AC-1", [])], [ran("a", "skipped", ["AC-1"]), ran("b", "passed", ["AC-1"])]).violations == []
}

test_flaky_is_for_the_checklist_to_say if {
	criteria := [criterion("AC-1", [])]
	cases := [ran("a", "flaky", ["AC-1"])]
	judged(criteria, cases).violations == []
	examples.violations(judged_by(strict, criteria, cases)) == {"criteria-shown.test-flaky"}
}

test_a_test_that_is_in_no_report if {
	answer := judged([criterion("AC-1", [link("gone")])], [ran("once", "passed", [])])
	[violation] := answer.violations
	violation.code == "criteria-shown.test-not-run"
	violation.params.test == "gone"
	answer.facts.unlinked == 0
}

test_a_link_fits_as_far_as_it_goes if {
	cases := [ran("once", "passed", [])]
	every exact in [
		{"suite": "shop", "classname": null, "name": "once"},
		{"suite": null, "classname": "Cart", "name": "once"},
		{"suite": "shop", "classname": "Cart", "name": "once"},
	] {
		judged([criterion("AC-1", [exact])], cases).violations == []
	}
	every other in [{"suite": "bar", "classname": null, "name": "once"}, {"suite": null, "classname": "Bar", "name": "once"}] {
		examples.violations(judged([criterion("AC-1", [other])], cases)) == {"criteria-shown.test-not-run"}
	}
}

test_a_test_that_names_what_nobody_knows if {
	answer := judged([criterion("AC-1", [])], [ran("once", "passed", ["AC-1", "AC-9"])])
	[violation] := answer.violations
	violation.code == "criteria-shown.unknown-criterion"
	violation.params == {"criterion": "AC-9", "test": "shop > Cart > once"}
}

test_passed_tests_that_were_not_kept_leave_a_gap if {
	large := object.union(report_of([]), {"dropped": [{"what": "passed-tests", "count": 30000, "why": "more-than-are-kept"}]})
	answer := criteria_shown.result with input as examples.asked(
		[list([criterion("AC-1", [link("once")]), criterion("AC-2", [])]), large],
		lenient,
	)
	answer.violations == []
	{gap.params.test | some gap in answer.gaps} == {"once", ""}
	examples.gaps(answer) == {"criteria-shown.tests-not-kept"}
}

test_evidence_that_is_missing_or_failed_is_a_gap if {
	answer := criteria_shown.result with input as examples.asked([], lenient)
	{gap.params.kind | some gap in answer.gaps} == {"acceptance", "tests"}
	failed := examples.document({"kinds": ["tests"], "state": "ERROR"})
	broken := criteria_shown.result with input as examples.asked([list([criterion("AC-1", [])]), failed], lenient)
	examples.gaps(broken) == {"criteria-shown.evidence-error"}
}

test_no_answer_without_its_parameters if {
	not criteria_shown.result with input as examples.asked([], {})
}
