# METADATA
# title: Questions for tests
# description: Complete questions to the access policy. A test states only what it is about.
package assay.access.questions_test

parameters := {
	"permissions": {
		"developer": ["gate.read", "waiver.request"],
		"officer": ["gate.read", "waiver.request", "waiver.revoke", "policy.review", "policy.publish"],
		"approver": ["gate.read", "waiver.approve", "policy.review"],
		"admin": ["gate.read", "waiver.request", "waiver.approve", "grant.manage", "principal.manage"],
		"data-protection": ["person.erase"],
	},
	"roles_by_kind": {"person": ["developer", "officer", "approver", "admin"], "agent": ["developer"]},
	"max_waiver_days": {"critical": 7, "high": 30, "low": 30, "none": 0},
	"approvals_required": {"critical": 2, "high": 1, "low": 0},
	"wide_waiver_approvals": 2,
	"long_waiver_days": 20,
	"long_waiver_approvals": 2,
	"waiver_approver_roles": {"low": ["SEC"]},
	"max_waiver_renewals": {"high": 2},
	"waiver_review_hours": {"high": 24, "low": 48},
	"waiver_review_path": {"high": ["SEC", "PM"]},
	"approval_login_minutes": {"critical": 15},
	"approval_login_methods": {"critical": ["hwk", "mfa"]},
	"max_delegation_days": 14,
	"policy_approvals_required": 1,
	"policy_coverage_floor": 90,
	"policy_author_may_publish": false,
}

actor(changes) := object.union({"principalId": "p-asking", "kind": "person", "roles": ["approver"]}, changes)

request(actor_changes, waiver_changes) := {
	"actor": actor(object.union({"roles": ["developer"]}, actor_changes)),
	"waiver": object.union(
		{
			"severity": "high",
			"durationDays": 14,
			"selectors": [{"type": "rule", "ruleId": "sast-severity"}, {"type": "artefact", "artId": "ART_A"}],
		},
		waiver_changes,
	),
	"parameters": parameters,
}

approval(actor_changes, waiver_changes, approvals) := {
	"actor": actor(actor_changes),
	"waiver": object.union(
		{"requesterId": "p-requester", "artefactAuthorId": "p-author", "severity": "high", "durationDays": 14},
		waiver_changes,
	),
	"approvals": approvals,
	"parameters": parameters,
}

delegation(actor_changes, delegation_changes) := {
	"actor": actor(actor_changes),
	"delegation": object.union(
		{"delegateId": "p-delegate", "delegateKind": "person", "durationDays": 7},
		delegation_changes,
	),
	"parameters": parameters,
}

publication(step, actor_changes, reviews) := {
	"actor": actor(object.union({"roles": ["officer"]}, actor_changes)),
	"step": step,
	"policy": {"authorIds": ["p-author", "p-second-author"]},
	"reviews": reviews,
	"parameters": parameters,
}

administration(step, actor_changes, changes) := object.union(
	{
		"actor": actor(object.union({"roles": ["admin"]}, actor_changes)),
		"step": step,
		"principal": {"principalId": "p-other", "kind": "person", "roles": ["developer"]},
		"grant": {"role": "developer", "projectId": null, "requestsPerMinute": null},
		"remaining": {"admin": 1, "developer": 3},
		"parameters": parameters,
	},
	changes,
)

# METADATA
# description: Yes goes with "ok" and no with a reason.
consistent(answer) if {
	answer.allowed
	answer.reasonCode == "ok"
}

consistent(answer) if {
	not answer.allowed
	answer.reasonCode != "ok"
}

# METADATA
# description: What an answer says would be needed, without what it does not name.
needs(answer) := {name: value | some name, value in answer.needed; not value in [null, [], false]}
