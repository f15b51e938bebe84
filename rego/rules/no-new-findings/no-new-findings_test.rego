package assay.rules.no_new_findings_test

import data.assay.lib.examples_test as examples
import data.assay.rules.no_new_findings

strict := {
	"new_findings_kinds": ["sast", "vulnerabilities"],
	"new_findings_floor": "medium",
	"new_findings_unknown_severity_blocks": true,
	"baseline_versions": {},
}

then := "gitCommit:0000000000000000000000000000000000000001"

compared := {"artId": "ART_SHOP", "digest": then, "problem": null, "incomparable": {}, "new": [], "unknown": []}

scan := examples.document({"findings": [
	examples.finding({"rule": "old"}),
	examples.finding({"rule": "new"}),
	examples.finding({"rule": "small", "severity": "low"}),
	examples.finding({"rule": "unrated", "severity": "unknown"}),
]})

audit := examples.document({"kinds": ["vulnerabilities"], "vulnerabilities": [examples.vulnerability({})]})

place(list, document, at) := {"evidence": document, "list": list, "at": at}

judged_by(parameters, documents, baseline) := answer if {
	asked := object.union(examples.asked(documents, parameters), {"baseline": object.union(compared, baseline)})
	answer := no_new_findings.result with input as asked
}

judged(baseline) := judged_by(strict, [scan, audit], baseline)

test_nothing_is_new if {
	answer := judged({})
	answer.violations == []
	answer.gaps == []
	answer.facts.new == 0
	answer.facts.baseline == then
}

test_only_what_is_new_and_severe_enough if {
	answer := judged({"new": [place("findings", 0, 1), place("findings", 0, 2), place("findings", 0, 3)]})
	{violation.params.rule | some violation in answer.violations} == {"new", "unrated"}
	every violation in answer.violations { violation.evidence == examples.digest }
	answer.facts.new == 2
}

test_an_unknown_severity_is_for_the_checklist_to_say if {
	parameters := object.union(strict, {"new_findings_unknown_severity_blocks": false})
	answer := judged_by(parameters, [scan, audit], {"new": [place("findings", 0, 3)]})
	answer.violations == []
}

test_a_new_vulnerability if {
	answer := judged({"new": [place("vulnerabilities", 1, 0)]})
	[violation] := answer.violations
	violation.code == "no-new-findings.new-vulnerability"
	violation.params == {"id": "CVE-2026-0001", "component": "pkg:npm/x@1.0.0", "severity": "high", "baseline": then}
	violation.identity.value == "abc"
}

test_what_nobody_can_tell_is_a_gap_by_tool if {
	answer := judged({
		"unknown": [place("findings", 0, 0), place("findings", 0, 1), place("findings", 0, 2)],
		"incomparable": {"bandit": "no-baseline"},
	})
	answer.violations == []
	answer.gaps == [{
		"code": "no-new-findings.not-comparable",
		"params": {"baseline": then, "tool": "bandit", "count": 2, "why": "no-baseline"},
		"evidence": null,
	}]
}

test_without_a_baseline_nobody_knows if {
	answer := no_new_findings.result with input as examples.asked([scan, audit], strict)
	answer.violations == []
	examples.gaps(answer) == {"no-new-findings.no-baseline"}
	answer.facts.baseline == ""
}

test_a_baseline_that_is_too_much if {
	answer := judged({"problem": {"code": "gate.too-many-findings", "params": {}}})
	examples.gaps(answer) == {"no-new-findings.baseline-unusable"}
}

test_evidence_that_failed_is_a_gap if {
	failed := examples.document({"state": "ERROR"})
	examples.gaps(judged_by(strict, [failed, audit], {})) == {"no-new-findings.evidence-error"}
	examples.gaps(judged_by(strict, [scan], {})) == {"no-new-findings.evidence-missing"}
}

test_other_kinds_are_another_question if {
	parameters := object.union(strict, {"new_findings_kinds": ["secrets"]})
	secrets := examples.document({"kinds": ["secrets"]})
	answer := judged_by(parameters, [scan, audit, secrets], {"new": [place("findings", 0, 1)]})
	answer.violations == []
}

test_a_checklist_that_asks_about_nothing if {
	answer := no_new_findings.result with input as examples.asked([], object.union(strict, {"new_findings_kinds": []}))
	not answer.applicable
	answer.gaps == []
}

test_no_answer_without_its_parameters if {
	every name, _ in strict {
		not no_new_findings.result with input as examples.asked([], object.remove(strict, [name]))
	}
}
