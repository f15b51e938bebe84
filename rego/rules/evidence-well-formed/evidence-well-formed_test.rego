package assay.rules.evidence_well_formed_test

import data.assay.lib.examples_test as examples
import data.assay.rules.evidence_well_formed

lenient := {"lenient_evidence_allowed": true}

strict := {"lenient_evidence_allowed": false}

judged(changes, parameters) := answer if {
	answer := evidence_well_formed.result with input as examples.asked([examples.document(changes)], parameters)
}

test_valid if {
	answer := judged({}, strict)
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"documents": 1, "lenientAllowed": false}
}

test_invalid if {
	answer := judged({"schema": "invalid"}, lenient)
	examples.violations(answer) == {"evidence-well-formed.schema-invalid"}
	answer.violations[0].params == {"format": "sarif", "tool": "bandit"}
	answer.violations[0].severity == "low"
}

test_a_schema_status_nobody_defined_is_invalid if {
	examples.violations(judged({"schema": "perhaps"}, lenient)) == {"evidence-well-formed.schema-invalid"}
}

test_lenient_where_allowed if {
	judged({"schema": "lenient"}, lenient).violations == []
}

test_lenient_where_not_allowed if {
	examples.violations(judged({"schema": "lenient"}, strict)) == {"evidence-well-formed.schema-lenient"}
}

test_an_unrecognised_file_is_a_gap if {
	answer := judged({"format": "unknown", "schema": "invalid", "reasons": [{"code": "unknown.format", "params": {}}]}, strict)
	answer.violations == []
	answer.gaps == [{
		"code": "evidence-well-formed.format-unknown",
		"params": {"reasons": "unknown.format"},
		"evidence": examples.digest,
	}]
}

test_no_evidence_is_not_applicable if {
	answer := evidence_well_formed.result with input as examples.asked([], strict)
	not answer.applicable
}

test_no_answer_without_its_parameter if {
	not evidence_well_formed.result with input as examples.asked([], {})
}
