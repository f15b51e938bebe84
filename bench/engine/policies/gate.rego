# A gate over findings, components, coverage and waivers, with a verdict and with nothing but the verdict.
package bench.gate

default allow := false

allow if count(open_findings) + count(bad_licences) + count(low_coverage) == 0

# What a verdict that explains itself says, fired or not.
report := {
	"verdict": verdict,
	"rules": [
		{"ruleId": "no-open-findings", "outcome": outcome(open_findings), "violations": [v |
			some f in open_findings
			v := {"code": "open-finding", "params": {"rule": f.rule, "severity": f.severity}, "where": $"{f.path}:{f.line}", "identity": f.fingerprint}
		]},
		{"ruleId": "licences", "outcome": outcome(bad_licences), "violations": [v |
			some c in bad_licences
			v := {"code": "licence", "params": {"licence": c.licence}, "where": c.purl}
		]},
		{"ruleId": "coverage", "outcome": outcome(low_coverage), "violations": [v |
			some r in low_coverage
			v := {"code": "coverage", "params": {"covered": r.covered, "total": r.total}}
		]},
	],
}

default verdict := "FAIL"

verdict := "PASS" if allow

outcome(violations) := "PASS" if count(violations) == 0

outcome(violations) := "FAIL" if count(violations) > 0

open_findings contains finding if {
	some finding in input.findings
	rank[finding.severity] >= rank[input.parameters.floor]
	not waived(finding)
}

waived(finding) if {
	some waiver in input.waivers
	waiver.fingerprint == finding.fingerprint
	time.parse_rfc3339_ns(waiver.from) <= now
	now < time.parse_rfc3339_ns(waiver.until)
}

now := time.parse_rfc3339_ns(input.asOf)

bad_licences contains component if {
	some component in input.components
	not component.licence in input.parameters.licences
}

low_coverage contains report if {
	some report in input.coverage
	report.covered * 100 < report.total * input.parameters.coverage
}

rank := {"none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
