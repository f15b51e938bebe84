package assay.rules.required_evidence_test

import data.assay.lib.examples_test as examples
import data.assay.rules.required_evidence

kinds := {"required_evidence_kinds": ["sast", "sbom"]}

sast := examples.document({})

sbom(state) := examples.document({"kinds": ["sbom"], "state": state})

test_all_there if {
	answer := required_evidence.result with input as examples.asked([sast, sbom("COMPLETE")], kinds)
	answer.ruleId == "required-evidence"
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"required": 2, "satisfied": 2}
}

test_missing if {
	answer := required_evidence.result with input as examples.asked([sast], kinds)
	answer.violations == []
	answer.gaps == [{
		"code": "required-evidence.evidence-missing",
		"params": {"kind": "sbom", "reasons": ""},
		"evidence": null,
	}]
	answer.facts == {"required": 2, "satisfied": 1}
}

test_stale if {
	answer := required_evidence.result with input as examples.asked([sast, sbom("STALE")], kinds)
	examples.gaps(answer) == {"required-evidence.evidence-stale"}
}

test_each_state_has_its_code if {
	every state, code in {
		"INCOMPLETE": "required-evidence.evidence-incomplete",
		"ERROR": "required-evidence.evidence-error",
		"NOT_MEASURED": "required-evidence.evidence-not-measured",
		"UNKNOWN": "required-evidence.evidence-unknown",
	} {
		answer := required_evidence.result with input as examples.asked([sast, sbom(state)], kinds)
		examples.gaps(answer) == {code}
	}
}

test_nothing_required_is_not_applicable if {
	answer := required_evidence.result with input as examples.asked([], {"required_evidence_kinds": []})
	not answer.applicable
	answer.gaps == []
}

test_no_answer_without_its_parameter if {
	not required_evidence.result with input as examples.asked([sast], {})
}

judged_with(document) := answer if {
	documents := [sast, sbom("COMPLETE"), document]
	answer := required_evidence.result with input as examples.asked(documents, {"required_evidence_kinds": ["sast", "sbom"]})
}

test_a_report_nobody_can_read_is_a_gap if {
	answer := judged_with(examples.document({"kinds": [], "state": "ERROR", "reasons": [{"code": "format.empty"}]}))
	[gap.code | some gap in answer.gaps] == ["required-evidence.report-unreadable"]
}

test_a_report_of_no_known_format_is_a_gap if {
	answer := judged_with(examples.document({"kinds": [], "format": "unknown", "state": "UNKNOWN"}))
	[gap.code | some gap in answer.gaps] == ["required-evidence.report-unreadable"]
}

test_a_known_format_that_answers_nothing_is_no_gap if {
	answer := judged_with(examples.document({"kinds": [], "format": "junit", "state": "UNKNOWN"}))
	answer.gaps == []
}
