package assay.rules.no_open_errors_test

import data.assay.lib.examples_test as examples
import data.assay.rules.no_open_errors

judged(findings) := answer if {
	document := examples.document({"findings": findings})
	answer := no_open_errors.result with input as examples.asked([document], {})
}

test_clean if {
	answer := judged([])
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"open": 0, "errors": 0}
}

test_errors_count_and_warnings_do_not if {
	answer := judged([
		examples.finding({"level": "error", "severity": "low"}),
		examples.finding({"level": "warning", "severity": "critical"}),
		examples.finding({"level": "note"}),
		examples.finding({"level": "none"}),
	])
	examples.violations(answer) == {"no-open-errors.open-error"}
	answer.violations[0].severity == "low"
	answer.facts == {"open": 4, "errors": 1}
}

test_a_suppression_does_not_excuse if {
	examples.violations(judged([examples.finding({"toolSuppression": "accepted"})])) == {"no-open-errors.open-error"}
}

test_missing_evidence_is_a_gap if {
	answer := no_open_errors.result with input as examples.asked([], {})
	examples.gaps(answer) == {"no-open-errors.evidence-missing"}
}
