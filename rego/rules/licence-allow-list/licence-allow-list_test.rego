package assay.rules.licence_allow_list_test

import data.assay.lib.examples_test as examples
import data.assay.rules.licence_allow_list

permissive := {"licences_allowed": ["MIT", "Apache-2.0", "BSD-3-Clause"]}

judged(licence) := answer if {
	document := examples.document({"kinds": ["sbom"], "components": [examples.component({"licence": licence})]})
	answer := licence_allow_list.result with input as examples.asked([document], permissive)
}

known(expression, alternatives) := {
	"state": "OK",
	"expression": expression,
	"alternatives": alternatives,
	"from": "declared",
	"raw": [expression],
}

nobody_knows(state) := {"state": state, "expression": null, "alternatives": [], "from": "unmarked", "raw": ["see file"]}

test_allowed if {
	answer := judged(known("MIT", [["MIT"]]))
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"allowed": 3, "components": 1, "refused": 0}
}

test_a_choice_with_one_allowed_branch if {
	judged(known("MIT OR GPL-3.0-only", [["MIT"], ["GPL-3.0-only"]])).violations == []
}

test_not_allowed if {
	answer := judged(known("GPL-3.0-only", [["GPL-3.0-only"]]))
	answer.violations == [{
		"code": "licence-allow-list.not-allowed",
		"params": {"component": "pkg:npm/x@1.0.0", "licence": "GPL-3.0-only"},
		"severity": "high",
		"where": null,
		"identity": null,
		"subject": "pkg:npm/x@1.0.0",
		"evidence": examples.digest,
	}]
	answer.facts.refused == 1
}

test_licences_that_hold_together if {
	answer := judged(known("MIT AND GPL-3.0-only", [["MIT", "GPL-3.0-only"]]))
	examples.violations(answer) == {"licence-allow-list.not-allowed"}
}

test_what_nobody_knows_never_passes if {
	every state, code in {
		"NONE": "licence-allow-list.licence-none",
		"NOASSERTION": "licence-allow-list.licence-not-asserted",
		"UNKNOWN": "licence-allow-list.licence-unknown",
		"SOMETHING_NEW": "licence-allow-list.licence-unknown",
	} {
		examples.violations(judged(nobody_knows(state))) == {code}
	}
}

test_a_licence_without_a_state_never_passes if {
	answer := judged({"state": null, "expression": null, "raw": []})
	examples.violations(answer) == {"licence-allow-list.licence-unknown"}
}

test_no_bill_of_materials_is_a_gap if {
	answer := licence_allow_list.result with input as examples.asked([], permissive)
	answer.violations == []
	examples.gaps(answer) == {"licence-allow-list.evidence-missing"}
}

test_no_answer_without_its_parameter if {
	not licence_allow_list.result with input as examples.asked([], {})
}
