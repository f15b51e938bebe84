package assay.rules.licence_deny_list_test

import data.assay.lib.examples_test as examples
import data.assay.rules.licence_deny_list

copyleft := {"licences_denied": ["AGPL-3.0-only", "GPL-3.0-only"]}

judged_by(parameters, licence) := answer if {
	document := examples.document({"kinds": ["sbom"], "components": [examples.component({"licence": licence})]})
	answer := licence_deny_list.result with input as examples.asked([document], parameters)
}

judged(licence) := judged_by(copyleft, licence)

known(expression, alternatives) := {
	"state": "OK",
	"expression": expression,
	"alternatives": alternatives,
	"from": "declared",
	"raw": [expression],
}

nobody_knows(state) := {"state": state, "expression": null, "alternatives": [], "from": "unmarked", "raw": ["see file"]}

test_not_denied if {
	answer := judged(known("MIT", [["MIT"]]))
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"denied": 2, "components": 1, "refused": 0}
}

test_denied if {
	answer := judged(known("AGPL-3.0-or-later", [["AGPL-3.0-or-later"]]))
	answer.violations == [{
		"code": "licence-deny-list.denied",
		"params": {"component": "pkg:npm/x@1.0.0", "licence": "AGPL-3.0-or-later"},
		"severity": "high",
		"where": null,
		"identity": null,
		"subject": "pkg:npm/x@1.0.0",
		"evidence": examples.digest,
	}]
	answer.facts.refused == 1
}

test_a_choice_without_it_is_enough if {
	judged(known("MIT OR GPL-3.0-only", [["MIT"], ["GPL-3.0-only"]])).violations == []
}

test_licences_that_hold_together if {
	answer := judged(known("MIT AND GPL-3.0-only", [["MIT", "GPL-3.0-only"]]))
	examples.violations(answer) == {"licence-deny-list.denied"}
}

test_what_nobody_knows_never_passes if {
	every state in ["NONE", "NOASSERTION", "UNKNOWN", "SOMETHING_NEW"] {
		examples.violations(judged(nobody_knows(state))) == {"licence-deny-list.licence-unknown"}
	}
}

test_no_bill_of_materials_is_a_gap if {
	answer := licence_deny_list.result with input as examples.asked([], copyleft)
	answer.violations == []
	examples.gaps(answer) == {"licence-deny-list.evidence-missing"}
}

test_an_empty_list_asks_nothing if {
	answer := judged_by({"licences_denied": []}, nobody_knows("UNKNOWN"))
	not answer.applicable
	answer.violations == []
	nothing := licence_deny_list.result with input as examples.asked([], {"licences_denied": []})
	nothing.gaps == []
}

test_no_answer_without_its_parameter if {
	not licence_deny_list.result with input as examples.asked([], {})
}
