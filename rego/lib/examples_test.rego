# METADATA
# title: Examples for tests
# description: Small, complete inputs. A test states only what it is about.
package assay.lib.examples_test

digest := "sha256:0000000000000000000000000000000000000000000000000000000000000001"

artefact_digest := "gitCommit:0000000000000000000000000000000000000002"

document(changes) := object.union(
	{
		"model": "assay.evidence/1",
		"format": "sarif",
		"formatVersion": "2.1.0",
		"kinds": ["sast"],
		"state": "COMPLETE",
		"reasons": [],
		"tools": [{"name": "bandit", "version": "1.9.4", "versionFrom": "file"}],
		"schema": "valid",
		"findings": [],
		"components": [],
		"coverage": null,
		"counts": {"findings": 0, "components": 0},
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
