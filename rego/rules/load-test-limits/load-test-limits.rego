# METADATA
# title: Load tests stay within their limits
# description: |-
#   Of each load test, requests that failed may be at most the share the checklist allows, every metric it names
#   must be there and at most its limit, and no threshold that the test set itself may be broken. A limit on a
#   metric that no load test measured is a gap.
# custom:
#   id: load-test-limits
#   severity: medium
#   messages:
#     load-test-limits.too-many-failures: "{tool}: {failures} of {requests} requests failed; at most {ceiling} % may."
#     load-test-limits.above-limit: "{tool}: {metric} is {value}; the limit is {limit}."
#     load-test-limits.threshold-broken: "{tool}: its own threshold {threshold} is broken."
#     load-test-limits.metric-missing: "No load test measured {metric}."
#     load-test-limits.evidence-missing: "There is no {kind} evidence, so nobody knows how the artefact behaves under load."
#     load-test-limits.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     load-test-limits.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     load-test-limits.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     load-test-limits.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     load-test-limits.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Find what is slow or fails under load, repair it, and run the load test again.
#   controls: ["ISO27001:A.8.6", "SOC2:A1.1"]
#   parameters: [load_failure_ceiling, load_metric_limits]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.load_test_limits

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

ceiling := parameters.percent("load_failure_ceiling")

limits := parameters.integers("load_metric_limits")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": (evidence.gaps("performance") | missing),
	"facts": {"tests": count(tests), "limits": count(limits), "ceilingHundredths": ceiling},
})

tests := [document |
	some document in evidence.documents("performance")
	is_object(document.loadTest)
]

violations contains violation if {
	some document in tests
	test := document.loadTest
	test.failures * 10000 > ceiling * test.requests
	violation := report.of_document("too-many-failures", document, {
		"tool": evidence.tools(document),
		"failures": test.failures,
		"requests": test.requests,
		"ceiling": input.parameters.load_failure_ceiling,
	})
}

violations contains violation if {
	some document in tests
	some metric in document.loadTest.metrics
	limit := limits[name(metric)]
	metric.value > limit
	violation := report.of_document("above-limit", document, {
		"tool": evidence.tools(document),
		"metric": name(metric),
		"value": metric.value,
		"limit": limit,
	})
}

violations contains violation if {
	some document in tests
	some threshold in document.loadTest.thresholds
	threshold.passed == false
	violation := report.of_document("threshold-broken", document, {
		"tool": evidence.tools(document),
		"threshold": threshold.name,
	})
}

missing contains report.gap("metric-missing", {"metric": metric}, null) if {
	some metric, _ in limits
	not metric in measured
}

measured contains name(metric) if {
	some document in tests
	some metric in document.loadTest.metrics
}

# As a checklist names it: `http_req_duration p95`.
name(metric) := concat(" ", [metric.name, metric.statistic])
