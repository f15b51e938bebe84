package assay.access.authorise_test

import data.assay.access.authorise
import data.assay.access.questions_test as questions

reason(held, permission) := code if {
	given := authorise.decision with input as {
		"actor": {"principalId": "", "kind": "person", "roles": held},
		"permission": permission,
		"parameters": questions.parameters,
	}
	questions.consistent(given)
	code := given.reasonCode
}

test_a_role_permits if {
	reason(["developer"], "waiver.request") == "ok"
}

test_an_unknown_role_beside_a_known_one_neither_helps_nor_harms if {
	reason(["wizard", "developer"], "waiver.request") == "ok"
	reason(["wizard", "developer"], "waiver.approve") == "role-lacks-permission"
}

test_denied if {
	reason(["developer"], "waiver.approve") == "role-lacks-permission"
	reason(["developer"], "reactor.shutdown") == "unknown-permission"
	reason(["wizard"], "waiver.request") == "unknown-role"
	reason([], "waiver.request") == "no-role"
}

test_an_incomplete_question_is_denied if {
	denied := {"allowed": false, "reasonCode": "question-incomplete", "roles": []}
	answer == denied with input as {}
	answer == denied with input as {"actor": {"roles": ["developer"]}, "permission": "waiver.request"}
	answer == denied with input as {
		"actor": {"roles": "developer"},
		"permission": "waiver.request",
		"parameters": questions.parameters,
	}
	answer == denied with input as {
		"actor": {"roles": ["developer"]},
		"parameters": questions.parameters,
	}
	answer == denied with input as object.union(in_project("developer"), {"project": {"roles": "developer"}})
}

answer := object.remove(authorise.decision, ["rule", "needed"])

in_project(role) := {
	"actor": {"principalId": "", "kind": "person", "roles": []},
	"project": {"projectId": "pr-1", "roles": [role]},
	"permission": "waiver.request",
	"parameters": questions.parameters,
}

test_a_role_in_the_project_permits_there if {
	answer == {"allowed": true, "reasonCode": "ok", "roles": ["developer"]} with input as in_project("developer")
	authorise.decision.reasonCode == "role-lacks-permission" with input as in_project("approver")
}

test_every_role_that_permits_is_named if {
	permitted := authorise.decision with input as {
		"actor": {"principalId": "", "kind": "person", "roles": ["officer", "developer", "approver"]},
		"permission": "gate.read",
		"parameters": questions.parameters,
	}
	permitted.roles == ["approver", "developer", "officer"]
}

test_the_answer_is_also_in_words if {
	denied := authorise.decision with input as in_project("approver")
	denied.reasonCode == "role-lacks-permission"
	denied.rule.ruleId == "authorise"
	denied.rule.title == "Who may do what"
	startswith(denied.rule.message, "Denied: none of the principal's roles")
	startswith(denied.rule.remediation, "Ask an administrator")
}

vouching(kind) := {
	"actor": {"principalId": "", "kind": kind, "roles": ["developer"]},
	"permission": "evidence.attest",
	"parameters": {"permissions": {"developer": ["evidence.attest"], "auditor": []}},
}

test_only_a_person_vouches if {
	authorise.decision.allowed with input as vouching("person")
	every kind in ["service", "agent", ""] {
		answer == {"allowed": false, "reasonCode": "person-required", "roles": []} with input as vouching(kind)
	}
}

nothing := {
	"permission": null, "roles": [], "processRoles": [], "kind": null, "anotherPerson": false, "place": "organisation",
}

test_a_refusal_says_what_would_be_needed if {
	everywhere := json.remove(in_project("approver"), ["/project"])
	approving := object.union(nothing, {"permission": "waiver.request", "roles": ["admin", "developer", "officer"]})
	authorise.decision.needed == approving with input as everywhere
	there := object.union(approving, {"place": "project"})
	authorise.decision.needed == there with input as in_project("approver")
	authorise.decision.needed == object.union(nothing, {"place": "project"}) with input as in_project("developer")
	vouched := object.union(nothing, {"permission": "evidence.attest", "kind": "person"})
	authorise.decision.needed == vouched with input as vouching("agent")
	authorise.decision.needed == nothing with input as {}
}
