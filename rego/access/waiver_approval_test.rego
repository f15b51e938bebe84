package assay.access.waiver_approval_test

import data.assay.access.questions_test as questions
import data.assay.access.waiver_approval

reason(question) := code if {
	answer := waiver_approval.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

test_permitted if {
	waiver_approval.decision == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {"severity": "high", "durationDays": 14, "maxDurationDays": 30},
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

test_the_limits_hold_here_too if {
	reason(questions.approval({}, {"durationDays": 31}, [])) == "duration-too-long"
	reason(questions.approval({}, {"severity": "unknown"}, [])) == "severity-not-waivable"
}

test_an_incomplete_question_is_denied if {
	waiver_approval.decision == {
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
