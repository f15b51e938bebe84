package assay.rules.attested_items_test

import data.assay.lib.examples_test as examples
import data.assay.rules.attested_items

strict := {
	"attested_items": {"CHK_PRODUCTION_READY": ["backup", "recovery"]},
	"attested_not_applicable_allowed": false,
}

judged_by(parameters, answers) := answer if {
	document := examples.document({
		"kinds": ["attestation"],
		"attestations": [examples.attestation({"itemId": item, "answer": said}) | some item, said in answers],
	})
	answer := attested_items.result with input as examples.asked([document], parameters)
}

judged(answers) := judged_by(strict, answers)

test_vouched_for if {
	answer := judged({"backup": "yes", "recovery": "yes", "other": "no"})
	answer.violations == []
	answer.gaps == []
}

test_open_items_are_gaps if {
	answer := judged({"backup": "yes"})
	answer.gaps == [{
		"code": "attested-items.item-open",
		"params": {"checklist": "CHK_PRODUCTION_READY", "item": "recovery"},
		"evidence": null,
	}]
}

test_no_is_no if {
	answer := judged({"backup": "yes", "recovery": "no"})
	[violation] := answer.violations
	violation.code == "attested-items.answered-no"
	violation.subject == "CHK_PRODUCTION_READY/recovery"
	violation.params.note == ""
}

test_one_no_outweighs_a_yes if {
	document := examples.document({"kinds": ["attestation"], "attestations": [
		examples.attestation({"itemId": "backup", "answer": "yes"}),
		examples.attestation({"itemId": "backup", "answer": "no", "note": "the disk is full"}),
		examples.attestation({"itemId": "recovery", "answer": "yes"}),
	]})
	answer := attested_items.result with input as examples.asked([document], strict)
	[violation] := answer.violations
	violation.params.note == "the disk is full"
}

test_not_applicable_is_for_the_checklist_to_say if {
	answers := {"backup": "yes", "recovery": "not-applicable"}
	examples.violations(judged(answers)) == {"attested-items.answered-not-applicable"}
	judged_by(object.union(strict, {"attested_not_applicable_allowed": true}), answers).violations == []
}

test_a_checklist_that_names_nothing_asks_nothing if {
	nothing := {"attested_items": {}, "attested_not_applicable_allowed": false}
	answer := attested_items.result with input as examples.asked([], nothing)
	not answer.applicable
	answer.gaps == []
}

test_nobody_answered_anything if {
	answer := attested_items.result with input as examples.asked([], strict)
	examples.gaps(answer) == {"attested-items.evidence-missing", "attested-items.item-open"}
}

test_no_answer_without_its_parameters if {
	every name, _ in strict {
		not attested_items.result with input as examples.asked([], object.remove(strict, [name]))
	}
}
