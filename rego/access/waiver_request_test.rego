package assay.access.waiver_request_test

import data.assay.access.questions_test as questions
import data.assay.access.waiver_request

reason(question) := code if {
	answer := waiver_request.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

test_permitted if {
	waiver_request.decision == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {"severity": "high", "durationDays": 14, "maxDurationDays": 30},
		"requiredApprovals": 1,
		"maxDurationDays": 30,
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
	answer.params == {"severity": "high", "durationDays": 31, "maxDurationDays": 30}
	answer.maxDurationDays == 30
}

test_an_incomplete_question_is_denied if {
	waiver_request.decision == {
		"allowed": false,
		"reasonCode": "question-incomplete",
		"params": {},
		"requiredApprovals": 1,
		"maxDurationDays": 0,
	} with input as {}
	every field in ["severity", "durationDays", "selectors"] {
		whole := questions.request({}, {})
		reason(object.union(
			object.remove(whole, ["waiver"]),
			{"waiver": object.remove(whole.waiver, [field])},
		)) == "question-incomplete"
	}
}
