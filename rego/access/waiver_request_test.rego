package assay.access.waiver_request_test

import data.assay.access.questions_test as questions
import data.assay.access.waiver_request

reason(question) := code if {
	answer := waiver_request.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

test_permitted if {
	object.remove(waiver_request.decision, ["needed"]) == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {"severity": "high", "durationDays": 14, "maxDurationDays": 30, "renewals": 0, "maxRenewals": 2},
		"requiredApprovals": 1,
		"maxDurationDays": 30,
		"review": {"hours": 24, "path": ["SEC", "PM"]},
	} with input as questions.request({}, {})
}

test_worse_is_shorter_and_takes_more_approvals if {
	answer := waiver_request.decision with input as questions.request({}, {"severity": "critical", "durationDays": 7})
	answer.allowed
	answer.requiredApprovals == 2
	answer.maxDurationDays == 7
}

test_an_officer_may_ask if {
	reason(questions.request({"roles": ["officer"]}, {})) == "ok"
}

test_denied if {
	reason(questions.request({"roles": ["approver"]}, {})) == "role-lacks-permission"
	reason(questions.request({}, {"selectors": []})) == "scope-missing"
	reason(questions.request({}, {"severity": "unknown"})) == "severity-not-waivable"
	reason(questions.request({}, {"severity": "none"})) == "severity-not-waivable"
	reason(questions.request({}, {"durationDays": 0})) == "duration-invalid"
	reason(questions.request({}, {"durationDays": 31})) == "duration-too-long"
}

test_too_long_says_how_long_would_do if {
	answer := waiver_request.decision with input as questions.request({}, {"durationDays": 31})
	answer.params == {
		"severity": "high",
		"durationDays": 31,
		"maxDurationDays": 30,
		"renewals": 0,
		"maxRenewals": 2,
	}
	answer.maxDurationDays == 30
}

test_a_waiver_is_renewed_so_many_times if {
	reason(questions.request({}, {"renewals": 2})) == "ok"
	reason(questions.request({}, {"renewals": 3})) == "renewed-too-often"
}

test_what_a_gate_allows if {
	question := object.union(
		questions.request({}, {}),
		{"gate": {"waiverRights": [{"role": "SEC", "severity": "high", "maxDays": 13}]}},
	)
	reason(question) == "duration-too-long"
}

test_an_incomplete_question_is_denied if {
	object.remove(waiver_request.decision, ["needed"]) == {
		"allowed": false,
		"reasonCode": "question-incomplete",
		"params": {},
		"requiredApprovals": 1,
		"maxDurationDays": 0,
		"review": null,
	} with input as {}
	every field in ["severity", "durationDays", "selectors"] {
		whole := questions.request({}, {})
		reason(object.union(
			object.remove(whole, ["waiver"]),
			{"waiver": object.remove(whole.waiver, [field])},
		)) == "question-incomplete"
	}
}

needed(question) := wanted if {
	answer := waiver_request.decision with input as question
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	asking := {"permission": "waiver.request", "roles": ["admin", "developer", "officer"], "place": "organisation"}
	needed(questions.request({"roles": ["approver"]}, {})) == asking
	needed(questions.request({}, {"durationDays": 0})) == {"place": "organisation"}
}
