package assay.lib.report_test

import data.assay.lib.examples_test as examples
import data.assay.lib.report

chain := [
	{"path": ["assay", "rules", "r", "result"], "annotations": {"entrypoint": true}},
	{"path": ["assay", "rules", "r"], "annotations": {"custom": {"id": "my-rule", "severity": "low"}}},
	{"path": ["assay"], "annotations": {"custom": {"id": "outer", "severity": "high"}}},
]

judged := {
	"applicable": true,
	"violations": {report.of_artefact("bad", {"n": 1})},
	"gaps": {report.gap("unseen", {}, null)},
	"facts": {"n": 1},
}

test_answer_carries_id_codes_and_severity_of_the_rule if {
	answer := report.answer(chain, judged) with input as examples.asked([], {})
	answer == {
		"ruleId": "my-rule",
		"applicable": true,
		"violations": [{
			"code": "my-rule.bad",
			"params": {"n": 1},
			"severity": "low",
			"where": null,
			"identity": null,
			"subject": null,
			"evidence": examples.artefact_digest,
		}],
		"gaps": [{"code": "my-rule.unseen", "params": {}, "evidence": null}],
		"facts": {"n": 1},
	}
}

quiet := {"applicable": true, "violations": set(), "gaps": set(), "facts": {}}

test_a_quiet_rule_answers if {
	answers(quiet) with input as examples.asked([], {})
}

answers(judged_otherwise) if report.answer(chain, judged_otherwise)

test_no_answer_without_an_id if {
	not report.answer([], quiet) with input as examples.asked([], {})
}

test_no_answer_without_a_severity if {
	not report.answer([{"annotations": {"custom": {"id": "x"}}}], quiet) with input as examples.asked([], {})
}

test_no_answer_without_facts if {
	not answers(object.remove(judged, ["facts"])) with input as examples.asked([], {})
}

test_no_answer_on_evidence_that_is_not_in_the_normal_form if {
	every field in ["digest", "state", "kinds", "reasons", "findings", "components"] {
		document := object.remove(examples.document({}), [field])
		not answers(judged) with input as examples.asked([document], {})
	}
}

test_no_answer_without_the_artefacts_digest if {
	not answers(quiet) with input as {"artefact": {}, "evidence": []}
}

test_no_answer_without_an_evidence_list if {
	not answers(quiet) with input as {"artefact": {"digest": examples.artefact_digest}}
}

test_violations_are_in_one_order if {
	many := {report.gap(code, {}, null) | some code in ["c", "a", "b"]}
	answer := report.answer(chain, object.union(judged, {"violations": many})) with input as examples.asked([], {})
	[violation.code | some violation in answer.violations] == ["my-rule.a", "my-rule.b", "my-rule.c"]
}

test_the_worst_comes_first_and_what_nobody_rated_last if {
	given := ["low", "unknown", "critical", "none", "high", "medium"]
	many := {report.rated(severity, report.gap(severity, {}, null)) | some severity in given}
	answer := report.answer(chain, object.union(quiet, {"violations": many})) with input as examples.asked([], {})
	found := [violation.severity | some violation in answer.violations]
	found == ["critical", "high", "medium", "low", "none", "unknown"]
}

test_a_finding_says_what_where_and_which if {
	finding := object.union(examples.finding({}), {"evidence": examples.digest})
	report.of_finding("open", finding) == {
		"code": "open",
		"params": {"tool": "bandit", "rule": "B307", "severity": "high", "message": "eval is dangerous"},
		"where": {"path": "src/a.py", "line": 12},
		"identity": {"scheme": "rule+path/1", "value": "abc", "occurrence": 0},
		"evidence": examples.digest,
	}
}

test_a_finding_without_place_or_identity_still_counts if {
	violation := report.of_finding("open", {"tool": "t", "path": null, "evidence": examples.digest})
	violation.where == null
	violation.identity == null
}

test_a_component_is_named_by_purl_else_name_and_version_else_name if {
	named := object.union(examples.component({}), {"evidence": examples.digest})
	report.of_component("c", named, {}).subject == "pkg:npm/x@1.0.0"
	report.of_component("c", object.union(named, {"purl": null}), {}).subject == "x@1.0.0"
	report.of_component("c", object.union(named, {"purl": null, "version": null}), {}).subject == "x"
	report.of_component("c", {"evidence": examples.digest}, {}).subject == ""
}

test_a_component_adds_to_the_params if {
	named := object.union(examples.component({}), {"evidence": examples.digest})
	report.of_component("c", named, {"licence": "MIT"}).params == {"component": "pkg:npm/x@1.0.0", "licence": "MIT"}
}

test_a_document_is_its_own_evidence if {
	report.of_document("c", examples.document({}), {"n": 1}) == {"code": "c", "params": {"n": 1}, "evidence": examples.digest}
}

test_rated_replaces_the_severity if {
	report.rated("critical", {"code": "c"}) == {"code": "c", "severity": "critical"}
}

test_a_vulnerability_is_named_by_its_package if {
	seen := object.union(examples.vulnerability({}), {"evidence": examples.digest})
	violation := report.of_vulnerability("open", seen, {"more": 1})
	object.keys(violation.params) == report.vulnerability_params | {"more"}
	violation.subject == "pkg:npm/x@1.0.0"
	report.of_vulnerability("open", object.union(seen, {"purl": null}), {}).subject == "x@1.0.0"
}
