# METADATA
# title: No open finding at or above the floor
# description: What `open_findings` of bench/engine/policies/gate.rego says, about evidence in its normal form.
# custom:
#   id: bench-findings
#   severity: high
#   messages:
#     bench-findings.open-finding: "{rule} ({severity})"
#   remediation: None; this is a bench.
#   controls: ["BENCH"]
#   findings: [{ kind: sast, from: floor }]
package assay.rules.bench_findings

result := {
	"ruleId": "bench-findings",
	"applicable": true,
	"violations": [violation |
		some document in input.evidence
		some finding in document.findings
		rank[finding.severity] >= rank[input.parameters.floor]
		violation := {
			"code": "bench-findings.open-finding",
			"params": {"rule": finding.rule, "severity": finding.severity},
			"severity": finding.severity,
			"where": {"path": finding.path, "line": finding.startLine},
			"identity": object.filter(finding.identity, ["scheme", "value", "occurrence"]),
			"subject": null,
			"evidence": document.digest,
		}
	],
	"gaps": [],
	"facts": {},
}

rank := {"none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
