package assay.rules.provenance_verified_test

import data.assay.lib.examples_test as examples
import data.assay.rules.provenance_verified

built := "https://slsa.dev/provenance/v1"

strict := {"provenance_types": [built], "provenance_keys": ["builder"]}

judged_by(parameters, changes) := answer if {
	document := examples.document({"kinds": ["provenance"], "statements": [examples.statement(changes)]})
	answer := provenance_verified.result with input as examples.asked([document], parameters)
}

judged(changes) := judged_by(strict, changes)

test_signed_by_an_admitted_key if {
	answer := judged({})
	answer.violations == []
	answer.gaps == []
	answer.facts.statements == 1
}

test_any_trusted_key_where_none_is_named if {
	any_key := {"provenance_types": [built], "provenance_keys": []}
	judged_by(any_key, {"signedBy": ["other"]}).gaps == []
}

test_nothing_else_counts if {
	every changes in [
		{"signedBy": ["other"]},
		{"signature": "unknown-key", "signedBy": []},
		{"subjects": [{"name": "app", "digest": "gitCommit:1111111111111111111111111111111111111111"}]},
		{"predicateType": "https://slsa.dev/verification_summary/v1"},
	] {
		examples.gaps(judged(changes)) == {"provenance-verified.statement-missing"}
	}
}

test_a_summary_that_failed if {
	summary := {"verifier": "https://v.example", "result": "FAILED", "levels": ["FAILED"]}
	examples.violations(judged({"summary": summary})) == {"provenance-verified.summary-failed"}
}

test_an_unsigned_document_is_a_gap if {
	document := examples.document({"kinds": ["provenance"], "state": "UNKNOWN", "statements": [examples.statement({})]})
	answer := provenance_verified.result with input as examples.asked([document], strict)
	examples.gaps(answer) == {"provenance-verified.evidence-unknown", "provenance-verified.statement-missing"}
}

test_a_checklist_that_names_no_type_asks_nothing if {
	nothing := {"provenance_types": [], "provenance_keys": []}
	answer := provenance_verified.result with input as examples.asked([], nothing)
	not answer.applicable
	answer.gaps == []
}

test_no_answer_without_its_parameters if {
	every name, _ in strict {
		not provenance_verified.result with input as examples.asked([], object.remove(strict, [name]))
	}
}
