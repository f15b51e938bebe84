package assay.lib.evidence_test

import data.assay.lib.evidence
import data.assay.lib.examples_test as examples

of_state(state) := examples.document({"state": state, "reasons": [{"code": "r.one", "params": {}}, {"code": "r.two", "params": {}}]})

test_documents_by_kind if {
	sast := examples.document({})
	both := examples.document({"kinds": ["sast", "secrets"]})
	sbom := examples.document({"kinds": ["sbom"]})
	evidence.documents("sast") == [sast, both] with input.evidence as [sast, sbom, both]
}

test_only_complete_documents_may_be_judged_upon if {
	complete := of_state("COMPLETE")
	evidence.complete("sast") == [complete] with input.evidence as [of_state("STALE"), complete]
}

test_missing_parts_of_a_set_are_named if {
	reason := {"code": "evidence.set-incomplete", "params": {"set": "sast", "of": 5, "count": 2, "parts": "2, 4"}}
	document := examples.document({"reasons": [reason]})
	evidence.reasons(document) == "evidence.set-incomplete (sast: 2, 4 of 5)"
}

test_complete_leaves_no_gap if {
	evidence.gaps("sast") == set() with input.evidence as [of_state("COMPLETE")]
}

test_no_document_is_a_gap if {
	evidence.gaps("sbom") == {{
		"code": "evidence-missing",
		"params": {"kind": "sbom", "reasons": ""},
		"evidence": null,
	}} with input.evidence as [of_state("COMPLETE")]
}

test_every_other_state_is_a_gap if {
	every state, code in {
		"STALE": "evidence-stale",
		"INCOMPLETE": "evidence-incomplete",
		"ERROR": "evidence-error",
		"NOT_MEASURED": "evidence-not-measured",
		"UNKNOWN": "evidence-unknown",
		"SOMETHING_NEW": "evidence-unknown",
	} {
		evidence.gaps("sast") == {{
			"code": code,
			"params": {"kind": "sast", "reasons": "r.one, r.two"},
			"evidence": examples.digest,
		}} with input.evidence as [of_state(state)]
	}
}

test_one_incomplete_document_among_complete_ones_is_a_gap if {
	count(evidence.gaps("sast")) == 1 with input.evidence as [of_state("COMPLETE"), of_state("INCOMPLETE")]
}

test_a_run_that_was_replaced_leaves_no_gap_and_is_not_judged_upon if {
	whole := of_state("COMPLETE")
	evidence.gaps("sast") == set() with input.evidence as [whole, of_state("SUPERSEDED")]
	evidence.complete("sast") == [whole] with input.evidence as [whole, of_state("SUPERSEDED")]
}

test_every_gap_code_is_announced if {
	count(evidence.gap_codes) == 6
	"evidence-missing" in evidence.gap_codes
	evidence.gap_params == {"kind", "reasons"}
}

test_tools_are_named if {
	evidence.tools({"tools": [{"name": "a"}, {"name": "b"}]}) == "a, b"
}
