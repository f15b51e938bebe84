package assay.rules.load_test_limits_test

import data.assay.lib.examples_test as examples
import data.assay.rules.load_test_limits

strict := {"load_failure_ceiling": 1, "load_metric_limits": {"http_req_duration p95": 500}}

judged_by(parameters, test) := answer if {
	document := examples.document({"kinds": ["performance"], "loadTest": examples.load_test(test)})
	answer := load_test_limits.result with input as examples.asked([document], parameters)
}

judged(test) := judged_by(strict, test)

test_within if {
	answer := judged({})
	answer.violations == []
	answer.gaps == []
}

test_failures_are_compared_as_integers if {
	judged({"requests": 1000, "failures": 10}).violations == []
	examples.violations(judged({"requests": 1000, "failures": 11})) == {"load-test-limits.too-many-failures"}
}

test_a_metric_above_its_limit if {
	metrics := [{"name": "http_req_duration", "unit": "ms", "statistic": "p95", "value": 500.1}]
	examples.violations(judged({"metrics": metrics})) == {"load-test-limits.above-limit"}
}

test_a_metric_nobody_measured_is_a_gap if {
	examples.gaps(judged({"metrics": []})) == {"load-test-limits.metric-missing"}
}

test_thresholds_of_the_test_itself_hold if {
	examples.violations(judged({"thresholds": [{"name": "p(95)<200", "passed": false}]})) == {"load-test-limits.threshold-broken"}
	judged({"thresholds": [{"name": "p(95)<200", "passed": true}]}).violations == []
}

test_no_load_test_is_a_gap if {
	unlimited := {"load_failure_ceiling": 1, "load_metric_limits": {}}
	answer := load_test_limits.result with input as examples.asked([], unlimited)
	examples.gaps(answer) == {"load-test-limits.evidence-missing"}
}

test_no_answer_without_its_parameters if {
	every name, _ in strict {
		not load_test_limits.result with input as examples.asked([], object.remove(strict, [name]))
	}
}
