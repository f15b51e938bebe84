package assay.access.waiver_approval_test

import data.assay.access.questions_test as questions
import data.assay.access.waiver_approval

reason(question) := code if {
	answer := waiver_approval.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

test_permitted if {
	object.remove(waiver_approval.decision, ["needed"]) == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {
			"severity": "high",
			"durationDays": 14,
			"maxDurationDays": 30,
			"roles": [],
			"maxAgeMinutes": null,
			"methods": [],
			"missing": [],
		},
	} with input as questions.approval({}, {}, [])
}

test_the_second_of_two if {
	reason(questions.approval({}, {}, [{"approverId": "p-somebody-else"}])) == "ok"
}

test_nobody_known_as_author if {
	reason(questions.approval({}, {"artefactAuthorId": null}, [])) == "ok"
}

test_four_eyes if {
	reason(questions.approval({}, {"requesterId": "p-asking"}, [])) == "approver-is-requester"
	reason(questions.approval({}, {"artefactAuthorId": "p-asking"}, [])) == "approver-is-author"
	reason(questions.approval({}, {}, [{"approverId": "p-asking"}])) == "already-approved"
}

test_an_administrator_cannot_approve_their_own_request if {
	reason(questions.approval({"roles": ["admin"]}, {"requesterId": "p-asking"}, [])) == "approver-is-requester"
}

test_only_persons_approve if {
	reason(questions.approval({"kind": "service"}, {}, [])) == "approver-is-not-a-person"
	reason(questions.approval({"kind": "agent"}, {}, [])) == "approver-is-not-a-person"
}

test_only_approving_roles_approve if {
	reason(questions.approval({"roles": ["developer", "officer"]}, {}, [])) == "role-lacks-permission"
	reason(questions.approval({"roles": []}, {}, [])) == "role-lacks-permission"
}

test_neither_the_requester_nor_the_author_approves_by_somebody_else if {
	reason(in_place_of("p-requester")) == "delegator-is-requester"
	reason(in_place_of("p-author")) == "delegator-is-author"
	reason(in_place_of("p-absent")) == "ok"
}

test_one_authority_counts_once if {
	question := object.union(in_place_of("p-absent"), {"approvals": [{"approverId": "p-absent"}]})
	reason(question) == "already-approved"
}

in_place_of(id) := object.union(questions.approval({}, {}, []), {"delegation": {"delegatorId": id}})

test_a_severity_may_demand_a_role if {
	reason(questions.approval({}, {"severity": "low"}, [])) == "approver-role-missing"
	reason(questions.approval({"processRoles": ["QA"]}, {"severity": "low"}, [])) == "approver-role-missing"
	reason(questions.approval({"processRoles": ["SEC"]}, {"severity": "low"}, [])) == "ok"
}

test_a_gate_names_who_may_waive_what if {
	rights := [
		{"role": "QA", "severity": "medium", "maxDays": 30},
		{"role": "SEC", "severity": "critical", "maxDays": 14},
		{"role": "PM", "severity": "high", "maxDays": 3},
	]
	reason(at_gate(rights, ["SEC"])) == "ok"
	reason(at_gate(rights, ["QA", "PM"])) == "approver-role-missing"
	reason(at_gate(rights, [])) == "approver-role-missing"
	reason(at_gate([], [])) == "ok"
}

at_gate(rights, held) := object.union(
	questions.approval({"processRoles": held}, {}, []),
	{"gate": {"waiverRights": rights}},
)

test_a_fresh_and_strong_login if {
	reason(with_login({"ageSeconds": 899, "amr": ["pwd", "mfa"]})) == "ok"
	reason(with_login({"ageSeconds": 901, "amr": ["hwk"]})) == "fresh-login-required"
	reason(with_login({"ageSeconds": 60, "amr": ["pwd"]})) == "fresh-login-required"
	reason(with_login({"ageSeconds": -6, "amr": ["hwk"]})) == "fresh-login-required"
	reason(with_login({"ageSeconds": null, "amr": []})) == "fresh-login-required"
}

test_what_a_login_lacks_is_said if {
	answer := waiver_approval.decision with input as with_login({"ageSeconds": null, "amr": ["pwd"]})
	answer.params.missing == ["amr", "auth_time"]
	answer.params.maxAgeMinutes == 15
	answer.params.methods == ["hwk", "mfa"]
}

with_login(login) := object.union(
	questions.approval({}, {"severity": "critical", "durationDays": 7}, []),
	{"login": login},
)

test_the_limits_hold_here_too if {
	reason(questions.approval({}, {"durationDays": 31}, [])) == "duration-too-long"
	reason(questions.approval({}, {"severity": "unknown"}, [])) == "severity-not-waivable"
}

test_an_incomplete_question_is_denied if {
	object.remove(waiver_approval.decision, ["needed"]) == {
		"allowed": false,
		"reasonCode": "question-incomplete",
		"params": {},
	} with input as {}
	every field in ["requesterId", "artefactAuthorId", "severity", "durationDays"] {
		whole := questions.approval({}, {}, [])
		reason(object.union(
			object.remove(whole, ["waiver"]),
			{"waiver": object.remove(whole.waiver, [field])},
		)) == "question-incomplete"
	}
	reason(object.remove(questions.approval({}, {}, []), ["approvals"])) == "question-incomplete"
	reason(questions.approval({}, {}, [{}])) == "question-incomplete"
}

needed(question) := wanted if {
	answer := waiver_approval.decision with input as question
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	approving := {"permission": "waiver.approve", "roles": ["admin", "approver"], "place": "organisation"}
	needed(questions.approval({"roles": ["developer"]}, {}, [])) == approving
	needed(questions.approval({"kind": "agent"}, {}, [])) == {"kind": "person", "place": "organisation"}
	other := {"anotherPerson": true, "place": "organisation"}
	needed(questions.approval({"principalId": "p-requester"}, {}, [])) == other
	needed(questions.approval({"principalId": "p-author"}, {}, [])) == other
	needed(questions.approval({}, {}, [{"approverId": "p-asking"}])) == other
	of_severity := questions.approval({}, {"severity": "low"}, [])
	needed(of_severity) == {"processRoles": ["SEC"], "place": "organisation"}
	either := {"parameters": {"waiver_approver_roles": {"low": ["SEC", "officer"]}}}
	both := {"roles": ["officer"], "processRoles": ["SEC"], "place": "organisation"}
	needed(object.union(of_severity, either)) == both
	needed(questions.approval({}, {"durationDays": 99}, [])) == {"place": "organisation"}
}
