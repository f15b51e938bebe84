package assay.access.waiver_delegation_test

import data.assay.access.questions_test as questions
import data.assay.access.waiver_delegation

reason(question) := code if {
	answer := waiver_delegation.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

may(permissions) := {"actor": {"roles": ["some"]}, "parameters": {"permissions": {"some": permissions}}}

question(permissions, delegation) := object.union(questions.delegation({}, delegation), may(permissions))

both := ["waiver.approve", "waiver.delegate"]

test_permitted if {
	object.remove(waiver_delegation.decision, ["needed"]) == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {"durationDays": 7, "maxDurationDays": 14},
	} with input as question(both, {})
}

test_only_what_somebody_holds_can_be_passed_on if {
	reason(question(["waiver.approve"], {})) == "role-lacks-permission"
	reason(question(["waiver.delegate"], {})) == "role-lacks-permission"
	reason(questions.delegation({"roles": []}, {})) == "role-lacks-permission"
}

test_persons_only if {
	service := object.union(question(both, {}), {"actor": {"kind": "service"}})
	reason(service) == "delegator-not-a-person"
	reason(question(both, {"delegateKind": "agent"})) == "delegate-not-a-person"
}

test_nobody_delegates_to_themselves if {
	reason(question(both, {"delegateId": "p-asking"})) == "delegate-is-delegator"
}

test_for_a_limited_time if {
	reason(question(both, {"durationDays": 14})) == "ok"
	reason(question(both, {"durationDays": 15})) == "delegation-too-long"
}

test_an_incomplete_question_is_denied if {
	object.remove(waiver_delegation.decision, ["needed"]) == {
		"allowed": false,
		"reasonCode": "question-incomplete",
		"params": {},
	} with input as {}
}

needed(asked) := wanted if {
	answer := waiver_delegation.decision with input as asked
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	nothing := {"permission": "waiver.delegate", "place": "organisation"}
	needed(object.union(question([], {}), {"parameters": {"permissions": {}}})).permission == "waiver.delegate"
	needed(question(["waiver.approve"], {})).permission == nothing.permission
	needed(question(["waiver.delegate"], {})).permission == "waiver.approve"
	needed(question(["waiver.delegate"], {})).roles == ["admin", "approver"]
	other := {"anotherPerson": true, "place": "organisation"}
	needed(question(both, {"delegateId": "p-asking"})) == other
	needed(question(both, {"delegateKind": "agent"})) == other
	agent := object.union(question(both, {}), {"actor": {"kind": "agent"}})
	needed(agent) == {"kind": "person", "place": "organisation"}
}
