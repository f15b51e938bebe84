package assay.access.administration_test

import data.assay.access.administration
import data.assay.access.questions_test as questions

reason(step, actor_changes, changes) := code if {
	answer := administration.decision with input as questions.administration(step, actor_changes, changes)
	questions.consistent(answer)
	code := answer.reasonCode
}

steps := ["give-grant", "revoke-grant", "add-principal", "disable-principal", "enable-principal"]

test_an_administrator_takes_every_step if {
	every step in steps { reason(step, {}, {}) == "ok" }
}

test_nobody_else_takes_any if {
	every step in steps {
		reason(step, {"roles": ["officer"]}, {}) == "role-lacks-permission"
		reason(step, {"kind": "agent"}, {}) == "administrator-not-a-person"
	}
}

test_there_is_no_other_step if reason("promote", {}, {}) == "unknown-access-step"

test_not_for_oneself if {
	itself := {"principal": {"principalId": "p-asking", "kind": "person", "roles": ["admin"]}}
	reason("give-grant", {}, itself) == "own-grant"
	reason("disable-principal", {}, itself) == "own-standing"
	reason("enable-principal", {}, itself) == "own-standing"
	reason("revoke-grant", {}, itself) == "ok"
}

test_roles_are_those_of_the_policy_and_of_the_kind if {
	reason("give-grant", {}, {"grant": {"role": "wizard"}}) == "unknown-access-role"
	agent := {"principal": {"kind": "agent"}}
	reason("give-grant", {}, agent) == "ok"
	reason("give-grant", {}, object.union(agent, {"grant": {"role": "approver"}})) == "role-not-for-kind"
	reason("give-grant", {}, {"principal": {"kind": "robot"}}) == "role-not-for-kind"
}

test_a_rate_is_for_services_and_everywhere if {
	rate := {"grant": {"requestsPerMinute": 600}}
	reason("give-grant", {}, rate) == "rate-not-for-person"
	reason("give-grant", {}, object.union(rate, {"principal": {"kind": "agent"}})) == "ok"
	in_project := {"grant": {"requestsPerMinute": 600, "projectId": "pr-1"}, "principal": {"kind": "agent"}}
	reason("give-grant", {}, in_project) == "rate-not-for-person"
}

test_one_of_two_administrators_goes if {
	reason("revoke-grant", {}, {"grant": {"role": "admin"}}) == "ok"
	reason("disable-principal", {}, {"principal": {"roles": ["admin"]}}) == "ok"
}

test_the_last_administrator_stays if {
	alone := {"remaining": {"admin": 0}, "principal": {"roles": ["admin"]}, "grant": {"role": "admin"}}
	reason("revoke-grant", {}, alone) == "last-administrator"
	reason("disable-principal", {}, alone) == "last-administrator"
	reason("revoke-grant", {}, object.union(alone, {"grant": {"role": "developer"}})) == "ok"
	reason("revoke-grant", {}, object.union(alone, {"grant": {"projectId": "pr-1"}})) == "ok"
	reason("disable-principal", {}, object.union(alone, {"principal": {"roles": ["developer"]}})) == "ok"
}

test_the_last_administrator_is_not_erased if {
	by := {"roles": ["data-protection"]}
	last := {"remaining": {"admin": 0}, "principal": {"roles": ["admin"]}}
	reason("erase-person", by, last) == "last-administrator"
	reason("erase-person", object.union(by, {"kind": "service"}), last) == "last-administrator"
	reason("erase-person", by, object.union(last, {"remaining": {"admin": 1}})) == "ok"
	reason("erase-person", by, object.union(last, {"principal": {"roles": ["developer"]}})) == "ok"
	reason("erase-person", {}, {}) == "role-lacks-permission"
}

test_an_administrator_of_a_project_stays_in_it if {
	of_project := {"project": {"projectId": "pr-1", "roles": ["admin"]}}
	reason("give-grant", {"roles": []}, of_project) == "ok"
	reason("give-grant", {"roles": []}, {}) == "role-lacks-permission"
}

test_an_incomplete_question_is_denied if {
	every path in [
		"/actor/principalId", "/actor/kind", "/actor/roles", "/step", "/principal/principalId", "/principal/kind",
		"/principal/roles", "/remaining", "/grant/role", "/grant/projectId", "/grant/requestsPerMinute",
	] {
		asked := json.remove(questions.administration("give-grant", {}, {}), [path])
		administration.decision.reasonCode == "question-incomplete" with input as asked
	}
}

test_the_answer_quotes_what_it_is_about if {
	of_grant := administration.decision.params with input as questions.administration("give-grant", {}, {})
	of_grant == {"kind": "person", "role": "developer"}
	alone := json.remove(questions.administration("enable-principal", {}, {}), ["/grant"])
	administration.decision.params == {"kind": "person", "role": ""} with input as alone
	administration.decision.params == {} with input as {}
}

needed(step, actor_changes, changes) := wanted if {
	answer := administration.decision with input as questions.administration(step, actor_changes, changes)
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	of_admin := {"permission": "principal.manage", "roles": ["admin"], "place": "organisation"}
	needed("add-principal", {"roles": ["officer"]}, {}) == of_admin
	needed("add-principal", {"kind": "agent"}, {}) == {"kind": "person", "place": "organisation"}
	itself := {"principal": {"principalId": "p-asking"}, "project": {"projectId": "pr-1", "roles": []}}
	needed("give-grant", {}, itself) == {"anotherPerson": true, "place": "project"}
	needed("give-grant", {}, {}) == {"place": "organisation"}
}
