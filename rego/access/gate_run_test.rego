package assay.access.gate_run_test

import data.assay.access.gate_run
import data.assay.access.questions_test as questions

asked := {
	"actor": {"principalId": "p-asking", "kind": "person", "roles": ["some"], "processRoles": ["QA"]},
	"run": {"action": "resume", "gateId": "GATE_QA", "roles": ["QA", "PM"], "requesterId": "p-other"},
	"parameters": {"permissions": {"some": ["run.resolve"]}},
}

reason(change) := code if {
	answer := gate_run.decision with input as object.union(asked, change)
	questions.consistent(answer)
	code := answer.reasonCode
}

test_its_owner_has_it_tried_again if {
	object.remove(gate_run.decision, ["needed"]) == {"allowed": true, "reasonCode": "ok", "params": {"roles": "QA, PM"}} with input as asked
	reason({"actor": {"kind": "service"}}) == "ok"
	reason({"run": {"requesterId": "p-asking"}}) == "ok"
}

test_so_does_to_whom_it_was_escalated if {
	reason({"actor": {"processRoles": ["PM"]}}) == "ok"
}

test_nobody_else_does if {
	reason({"actor": {"processRoles": ["DEV"]}}) == "not-its-owner"
	reason({"actor": {"processRoles": []}}) == "not-its-owner"
	reason({"run": {"roles": []}}) == "not-its-owner"
}

test_a_permission_is_needed_too if {
	reason({"actor": {"roles": []}}) == "role-lacks-permission"
	reason({"parameters": {"permissions": {"some": ["gate.read"]}}}) == "role-lacks-permission"
}

test_overriding_and_rejecting_take_a_person if {
	some action in ["override", "reject"]
	reason({"run": {"action": action}}) == "ok"
	reason({"run": {"action": action}, "actor": {"kind": "agent"}}) == "override-not-a-person"
}

test_nobody_overrides_for_themselves if {
	reason({"run": {"action": "override", "requesterId": "p-asking"}}) == "override-own-run"
	reason({"run": {"action": "reject", "requesterId": "p-asking"}}) == "ok"
}

test_there_are_three_steps if {
	reason({"run": {"action": "forget"}}) == "unknown-run-step"
}

test_an_incomplete_question_is_denied if {
	object.remove(gate_run.decision, ["needed"]) == {"allowed": false, "reasonCode": "question-incomplete", "params": {}} with input as {}
}

needed(change) := wanted if {
	answer := gate_run.decision with input as object.union(asked, change)
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	others := {"actor": {"processRoles": ["DEV"]}}
	needed(others) == {"processRoles": ["PM", "QA"], "place": "project"}
	lacking := {"permission": "run.resolve", "roles": ["some"], "place": "project"}
	needed({"actor": {"roles": ["other"]}}) == lacking
	override := {"run": {"action": "override"}}
	needed(object.union(override, {"actor": {"kind": "agent"}})) == {"kind": "person", "place": "project"}
	own := object.union(override, {"actor": {"principalId": "p-other"}})
	needed(own) == {"anotherPerson": true, "place": "project"}
	needed({}) == {"place": "project"}
}
