package assay.rules.tests_pass_test

import data.assay.lib.examples_test as examples
import data.assay.rules.tests_pass

strict := {"tests_skipped_allowed": 1, "flaky_tests_block": true}

judged_by(parameters, run) := answer if {
	document := examples.document({"kinds": ["tests"], "tests": examples.run_of_tests(run)})
	answer := tests_pass.result with input as examples.asked([document], parameters)
}

judged(run) := judged_by(strict, run)

test_all_pass if {
	answer := judged({"passed": 12, "skipped": 1})
	answer.violations == []
	answer.gaps == []
	answer.facts.passed == 12
}

test_each_that_does_not_is_named if {
	cases := [
		{"suite": "cart", "classname": null, "name": "adds", "occurrence": 0, "outcome": "failed", "message": "1 is not 2"},
		{"suite": "", "classname": "Cart", "name": "adds", "occurrence": 1, "outcome": "error", "message": "boom"},
		{"suite": "cart", "classname": null, "name": "shown", "occurrence": 0, "outcome": "passed", "message": ""},
	]
	answer := judged({"passed": 1, "failed": 1, "errors": 1, "cases": cases})
	{violation.subject | some violation in answer.violations} == {"cart > adds", "Cart > adds > #2"}
	{violation.params.message | some violation in answer.violations} == {"1 is not 2", "boom"}
	answer.facts.failed == 2
}

test_flaky_is_for_the_checklist_to_say if {
	cases := [{"suite": "s", "classname": null, "name": "n", "occurrence": 0, "outcome": "flaky", "message": "once"}]
	run := {"flaky": 1, "cases": cases}
	examples.violations(judged(run)) == {"tests-pass.test-flaky"}
	judged_by(object.union(strict, {"flaky_tests_block": false}), run).violations == []
}

test_too_many_skipped if {
	examples.violations(judged({"skipped": 2})) == {"tests-pass.too-many-skipped"}
}

test_a_run_that_cannot_be_read_is_a_gap if {
	document := examples.document({"kinds": ["tests"], "state": "ERROR"})
	answer := tests_pass.result with input as examples.asked([document], strict)
	examples.gaps(answer) == {"tests-pass.evidence-error"}
	answer.facts.passed == 0
}

test_nobody_ran_them_is_a_gap if {
	answer := tests_pass.result with input as examples.asked([], strict)
	examples.gaps(answer) == {"tests-pass.evidence-missing"}
}

test_no_answer_without_its_parameters if {
	every name, _ in strict {
		not tests_pass.result with input as examples.asked([], object.remove(strict, [name]))
	}
}
