# METADATA
# title: Examples for tests
# description: Small, complete inputs. A test states only what it is about.
package assay.lib.examples_test

digest := "sha256:0000000000000000000000000000000000000000000000000000000000000001"

artefact_digest := "gitCommit:0000000000000000000000000000000000000002"

document(changes) := object.union({"aggregates": counted(stated)}, stated) if {
	stated := as_stated(changes)
}

# As a gate does it: every finding in a row of what it is counted by.
counted(stated) := [object.union(traits, {"count": 1}) |
	some finding in stated.findings
	traits := object.filter(finding, {"kind", "level", "severity", "baseline", "toolSuppression"})
]

as_stated(changes) := object.union(
	{
		"model": "assay.evidence/2",
		"format": "sarif",
		"formatVersion": "2.1.0",
		"kinds": ["sast"],
		"state": "COMPLETE",
		"reasons": [],
		"tools": [{"name": "bandit", "version": "1.9.4", "versionFrom": "file"}],
		"schema": "valid",
		"findings": [],
		"components": [],
		"dataDate": null,
		"vulnerabilities": [],
		"coverage": null,
		"tests": null,
		"loadTest": null,
		"attestations": [],
		"criteria": [],
		"agentRuns": [],
		"statements": [],
		"counts": {"findings": 0, "components": 0, "vulnerabilities": 0},
		"dropped": [],
		"digest": digest,
	},
	changes,
)

finding(changes) := object.union(
	{
		"kind": "sast",
		"tool": "bandit",
		"rule": "B307",
		"level": "error",
		"levelFrom": "explicit",
		"severity": "high",
		"severityFrom": "level",
		"message": "eval is dangerous",
		"path": "src/a.py",
		"startLine": 12,
		"startColumn": null,
		"identity": {"scheme": "rule+path/1", "value": "abc", "strength": "weak", "occurrence": 0},
		"toolSuppression": "none",
		"baseline": "unknown",
	},
	changes,
)

component(changes) := object.union(
	{
		"purl": "pkg:npm/x@1.0.0",
		"name": "x",
		"version": "1.0.0",
		"licence": {
			"state": "OK",
			"expression": "MIT",
			"alternatives": [["MIT"]],
			"from": "declared",
			"raw": ["MIT"],
		},
	},
	changes,
)

vulnerability(changes) := object.union(
	{
		"tool": "osv-scanner",
		"id": "CVE-2026-0001",
		"aliases": ["GHSA-xxxx-xxxx-xxxx"],
		"purl": "pkg:npm/x@1.0.0",
		"ecosystem": "npm",
		"package": "x",
		"version": "1.0.0",
		"severity": "high",
		"severityFrom": "cvss",
		"cvss": [],
		"fixedIn": ["1.0.1"],
		"status": "affected",
		"reach": "unknown",
		"message": "x can be made to do y",
		"path": "package-lock.json",
		"identity": {"scheme": "advisory+package/1", "value": "abc", "strength": "strong", "occurrence": 0},
		"toolSuppression": "unknown",
	},
	changes,
)

run_of_tests(changes) := object.union(
	{"passed": 0, "failed": 0, "errors": 0, "skipped": 0, "flaky": 0, "declared": null, "cases": []},
	changes,
)

load_test(changes) := object.union(
	{
		"requests": 1000,
		"failures": 0,
		"durationMs": 60000,
		"metrics": [{"name": "http_req_duration", "unit": "ms", "statistic": "p95", "value": 212.4}],
		"thresholds": [],
	},
	changes,
)

attestation(changes) := object.union(
	{
		"checklistId": "CHK_PRODUCTION_READY",
		"itemId": "backup",
		"answer": "yes",
		"by": "ops-lead",
		"at": "2026-11-21T10:00:00Z",
		"note": null,
		"evidence": [],
	},
	changes,
)

statement(changes) := object.union(
	{
		"predicateType": "https://slsa.dev/provenance/v1",
		"subjects": [{"name": "app", "digest": artefact_digest}],
		"signature": "verified",
		"signedBy": ["builder"],
		"summary": null,
	},
	changes,
)

header := {
	"agentId": "agent-1",
	"modelName": "model-a",
	"modelVersion": "2026-01",
	"temperature": "0.2",
	"presetId": "preset-1",
	"promptHash": "sha256:00000000000000000000000000000000000000000000000000000000000000aa",
}

asked(evidence, parameters) := {
	"artefact": {"artId": "ART_SHOP", "digest": artefact_digest, "agent": null},
	"gate": {"gateId": "GATE_RELEASE", "locus": "RELEASE"},
	"parameters": parameters,
	"evidence": evidence,
}

asked_of_agent(agent, parameters) := object.union(asked([], parameters), {"artefact": {"agent": agent}})

# METADATA
# description: The codes an answer gives, violations and gaps apart.
violations(answer) := {violation.code | some violation in answer.violations}

gaps(answer) := {gap.code | some gap in answer.gaps}
