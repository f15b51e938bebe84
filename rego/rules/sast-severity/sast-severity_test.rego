package assay.rules.sast_severity_test

import data.assay.lib.examples_test as examples
import data.assay.rules.sast_severity

floor_high := {"sast_severity_floor": "high", "sast_unknown_severity_blocks": true}

judged(findings, parameters) := answer if {
	document := examples.document({"findings": findings})
	answer := sast_severity.result with input as examples.asked([document], parameters)
}

test_clean if {
	answer := judged([], floor_high)
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"floor": "high", "unknownBlocks": true, "open": 0, "atOrAboveFloor": 0, "unknownSeverity": 0}
}

test_at_and_above_the_floor if {
	answer := judged(
		[
			examples.finding({"rule": "at", "severity": "high"}),
			examples.finding({"rule": "above", "severity": "critical"}),
			examples.finding({"rule": "below", "severity": "medium"}),
		],
		floor_high,
	)
	{violation.params.rule | some violation in answer.violations} == {"at", "above"}
	{violation.severity | some violation in answer.violations} == {"high", "critical"}
	answer.facts.open == 3
	answer.facts.atOrAboveFloor == 2
}

test_a_violation_in_full if {
	answer := judged([examples.finding({})], floor_high)
	answer.violations == [{
		"code": "sast-severity.open-finding",
		"params": {"tool": "bandit", "rule": "B307", "severity": "high", "message": "eval is dangerous"},
		"severity": "high",
		"where": {"path": "src/a.py", "line": 12},
		"identity": {"scheme": "rule+path/1", "value": "abc", "occurrence": 0},
		"subject": null,
		"evidence": examples.digest,
	}]
}

test_the_floor_is_data if {
	answer := judged([examples.finding({"severity": "low"})], object.union(floor_high, {"sast_severity_floor": "low"}))
	examples.violations(answer) == {"sast-severity.open-finding"}
}

test_a_suppression_does_not_excuse if {
	answer := judged([examples.finding({"toolSuppression": "accepted"})], floor_high)
	examples.violations(answer) == {"sast-severity.open-finding"}
}

test_gone_since_the_baseline_does_not_count if {
	judged([examples.finding({"baseline": "absent"})], floor_high).violations == []
}

test_secrets_are_another_question if {
	judged([examples.finding({"kind": "secret", "severity": "critical"})], floor_high).violations == []
}

test_unknown_severity_blocks_when_the_checklist_says_so if {
	answer := judged([examples.finding({"severity": "unknown"})], floor_high)
	examples.violations(answer) == {"sast-severity.unknown-severity"}
	answer.violations[0].severity == "unknown"
}

test_unknown_severity_is_counted_when_it_does_not_block if {
	answer := judged(
		[examples.finding({"severity": "unknown"})],
		object.union(floor_high, {"sast_unknown_severity_blocks": false}),
	)
	answer.violations == []
	answer.facts.unknownSeverity == 1
}

test_a_severity_nobody_defined_is_unknown if {
	answer := judged([examples.finding({"severity": "HIGH"})], floor_high)
	examples.violations(answer) == {"sast-severity.unknown-severity"}
}

test_missing_evidence_is_a_gap if {
	answer := sast_severity.result with input as examples.asked([], floor_high)
	answer.violations == []
	examples.gaps(answer) == {"sast-severity.evidence-missing"}
}

test_an_unfinished_scan_is_a_gap_and_its_findings_count if {
	document := examples.document({"state": "INCOMPLETE", "findings": [examples.finding({})]})
	answer := sast_severity.result with input as examples.asked([document], floor_high)
	examples.violations(answer) == {"sast-severity.open-finding"}
	examples.gaps(answer) == {"sast-severity.evidence-incomplete"}
}

test_no_answer_without_its_parameters if {
	every name in ["sast_severity_floor", "sast_unknown_severity_blocks"] {
		parameters := object.remove(floor_high, [name])
		not sast_severity.result with input as examples.asked([], parameters)
	}
}

test_no_answer_on_a_floor_that_is_not_on_the_scale if {
	parameters := object.union(floor_high, {"sast_severity_floor": "unknown"})
	not sast_severity.result with input as examples.asked([], parameters)
}
