package assay.rules.no_secrets_test

import data.assay.lib.examples_test as examples
import data.assay.rules.no_secrets

judged(findings) := answer if {
	document := examples.document({"kinds": ["secrets"], "findings": findings})
	answer := no_secrets.result with input as examples.asked([document], {})
}

secret(changes) := object.union(
	examples.finding({"kind": "secret", "tool": "gitleaks", "rule": "aws-access-token", "severity": "low"}),
	changes,
)

test_clean if {
	answer := judged([])
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"found": 0}
}

test_a_secret_is_critical_whatever_the_tool_says if {
	answer := judged([secret({})])
	examples.violations(answer) == {"no-secrets.secret-found"}
	answer.violations[0].severity == "critical"
	answer.violations[0].params.rule == "aws-access-token"
	answer.facts == {"found": 1}
}

test_an_ignore_file_does_not_excuse if {
	examples.violations(judged([secret({"toolSuppression": "accepted"})])) == {"no-secrets.secret-found"}
}

test_other_findings_are_another_question if {
	judged([examples.finding({})]).violations == []
}

test_no_search_is_a_gap if {
	answer := no_secrets.result with input as examples.asked([examples.document({})], {})
	answer.violations == []
	examples.gaps(answer) == {"no-secrets.evidence-missing"}
}
