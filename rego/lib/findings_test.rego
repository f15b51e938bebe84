package assay.lib.findings_test

import data.assay.lib.examples_test as examples
import data.assay.lib.findings

test_findings_of_one_kind_with_their_evidence if {
	sast := examples.finding({})
	secret := examples.finding({"kind": "secret"})
	document := examples.document({"findings": [sast, secret]})
	findings.open("secret") == [object.union(secret, {"evidence": examples.digest})] with input.evidence as [document]
}

test_gone_since_the_baseline_is_not_open if {
	document := examples.document({"findings": [examples.finding({"baseline": "absent"})]})
	findings.open("sast") == [] with input.evidence as [document]
}

test_every_other_baseline_is_open if {
	every baseline in ["new", "unchanged", "updated", "unknown"] {
		document := examples.document({"findings": [examples.finding({"baseline": baseline})]})
		count(findings.open("sast")) == 1 with input.evidence as [document]
	}
}

test_a_tools_own_suppression_excuses_nothing if {
	every suppression in ["accepted", "underReview", "rejected", "none", "unknown"] {
		document := examples.document({"findings": [examples.finding({"toolSuppression": suppression})]})
		count(findings.open("sast")) == 1 with input.evidence as [document]
	}
}

test_totals_are_of_all_findings_listed_or_not if {
	rows := [
		{"kind": "sast", "severity": "low", "baseline": "new", "count": 400000},
		{"kind": "sast", "severity": "unknown", "baseline": "unknown", "count": 5},
		{"kind": "sast", "severity": "high", "baseline": "absent", "count": 7},
		{"kind": "secret", "severity": "high", "baseline": "new", "count": 9},
	]
	documents := [examples.document({"aggregates": rows}), examples.document({"findings": [examples.finding({})]})]
	findings.total("sast") == 400006 with input.evidence as documents
	findings.total_unrated("sast") == 5 with input.evidence as documents
	findings.total("secret") == 9 with input.evidence as documents
	findings.total("dast") == 0 with input.evidence as documents
}

test_what_was_seen_was_seen if {
	every state in ["COMPLETE", "INCOMPLETE", "ERROR", "STALE", "UNKNOWN"] {
		document := examples.document({"state": state, "findings": [examples.finding({})]})
		count(findings.open("sast")) == 1 with input.evidence as [document]
	}
}
