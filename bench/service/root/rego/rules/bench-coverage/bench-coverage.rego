# METADATA
# title: Coverage reaches the floor
# description: What `low_coverage` of bench/engine/policies/gate.rego says.
# custom:
#   id: bench-coverage
#   severity: high
#   messages:
#     bench-coverage.coverage: "{covered} of {total}"
#   remediation: None; this is a bench.
#   controls: ["BENCH"]
#   findings: []
package assay.rules.bench_coverage

result := {
	"ruleId": "bench-coverage",
	"applicable": true,
	"violations": [violation |
		some document in input.evidence
		document.coverage.covered * 100 < document.coverage.total * input.parameters.coverage
		violation := {
			"code": "bench-coverage.coverage",
			"params": {"covered": document.coverage.covered, "total": document.coverage.total},
			"severity": "high",
			"where": null,
			"identity": null,
			"subject": null,
			"evidence": document.digest,
		}
	],
	"gaps": [],
	"facts": {},
}
