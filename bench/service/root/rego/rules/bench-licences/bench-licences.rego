# METADATA
# title: Every licence is on the list
# description: What `bad_licences` of bench/engine/policies/gate.rego says.
# custom:
#   id: bench-licences
#   severity: high
#   messages:
#     bench-licences.licence: "{licence}"
#   remediation: None; this is a bench.
#   controls: ["BENCH"]
#   findings: []
package assay.rules.bench_licences

result := {
	"ruleId": "bench-licences",
	"applicable": true,
	"violations": [violation |
		some document in input.evidence
		some component in document.components
		not component.licence.expression in input.parameters.licences
		violation := {
			"code": "bench-licences.licence",
			"params": {"licence": component.licence.expression},
			"severity": "high",
			"where": null,
			"identity": null,
			"subject": component.purl,
			"evidence": document.digest,
		}
	],
	"gaps": [],
	"facts": {},
}
