package assay.access.policy_publication_test

import data.assay.access.policy_publication
import data.assay.access.questions_test as questions

reason(question) := code if {
	answer := policy_publication.decision with input as question
	questions.consistent(answer)
	code := answer.reasonCode
}

approval := {"reviewerId": "p-reviewer", "outcome": "approve"}

test_another_person_approves if {
	object.remove(policy_publication.decision, ["needed"]) == {
		"allowed": true,
		"reasonCode": "ok",
		"params": {"approvals": 0, "requiredApprovals": 1},
		"requiredApprovals": 1,
		"coverageFloor": 90,
	} with input as questions.publication("approve", {}, [])
}

test_four_eyes if {
	reason(questions.publication("approve", {"principalId": "p-author"}, [])) == "reviewer-is-author"
	reason(questions.publication("approve", {"principalId": "p-author", "roles": ["admin", "officer"]}, [])) == "reviewer-is-author"
	reason(questions.publication("approve", {"principalId": "p-reviewer"}, [approval])) == "already-reviewed"
}

test_an_author_may_withdraw if {
	reason(questions.publication("request-changes", {"principalId": "p-author"}, [])) == "ok"
}

test_another_person_publishes_what_was_approved if {
	reason(questions.publication("publish", {}, [approval])) == "ok"
	reason(questions.publication("publish", {"principalId": "p-reviewer"}, [approval])) == "ok"
}

test_what_was_not_approved_is_not_published if {
	reason(questions.publication("publish", {}, [])) == "approvals-missing"
	by_author := {"reviewerId": "p-author", "outcome": "approve"}
	reason(questions.publication("publish", {}, [by_author])) == "approvals-missing"
	sent_back := {"reviewerId": "p-second", "outcome": "request-changes"}
	reason(questions.publication("publish", {}, [approval, sent_back])) == "changes-requested"
}

test_the_same_person_counts_once if {
	question := questions.publication("publish", {}, [approval, approval])
	stricter := with_parameter(question, "policy_approvals_required", 2)
	reason(stricter) == "approvals-missing"
	second := {"reviewerId": "p-second", "outcome": "approve"}
	reason(object.union(stricter, {"reviews": [approval, second]})) == "ok"
}

test_never_fewer_than_one_approval if {
	question := questions.publication("publish", {}, [])
	reason(with_parameter(question, "policy_approvals_required", 0)) == "approvals-missing"
	reason(with_parameter(question, "policy_approvals_required", "none")) == "approvals-missing"
}

test_whether_an_author_publishes_is_data if {
	question := questions.publication("publish", {"principalId": "p-author"}, [approval])
	reason(question) == "publisher-is-author"
	reason(with_parameter(question, "policy_author_may_publish", true)) == "ok"
	reason(with_parameter(question, "policy_author_may_publish", "yes")) == "publisher-is-author"
}

test_everything_must_be_reached_unless_the_parameter_says_less if {
	question := questions.publication("publish", {}, [approval])
	answer := policy_publication.decision with input as with_parameter(question, "policy_coverage_floor", null)
	answer.coverageFloor == 100
}

test_only_persons_with_the_role if {
	reason(questions.publication("approve", {"kind": "agent"}, [])) == "not-a-person"
	reason(questions.publication("publish", {"kind": "service"}, [approval])) == "not-a-person"
	reason(questions.publication("publish", {"roles": ["approver"]}, [approval])) == "role-lacks-permission"
	reason(questions.publication("approve", {"roles": ["developer"]}, [])) == "role-lacks-permission"
	reason(questions.publication("reconsider", {}, [])) == "unknown-step"
}

test_an_incomplete_question_is_denied if {
	answer := policy_publication.decision with input as {}
	object.remove(answer, ["needed"]) == {
		"allowed": false,
		"reasonCode": "question-incomplete",
		"params": {},
		"requiredApprovals": 1,
		"coverageFloor": 100,
	}
	whole := questions.publication("publish", {}, [approval])
	every field in ["actor", "step", "policy", "reviews"] {
		reason(object.remove(whole, [field])) == "question-incomplete"
	}
	nobody := object.union(whole, {"policy": {"authorIds": []}})
	reason(nobody) == "question-incomplete"
	reason(questions.publication("publish", {}, [{"reviewerId": "p", "outcome": "maybe"}])) == "question-incomplete"
	reason(questions.publication("publish", {}, [{"outcome": "approve"}])) == "question-incomplete"
}

with_parameter(question, name, value) := object.union(question, {"parameters": {name: value}})

needed(question) := wanted if {
	answer := policy_publication.decision with input as question
	wanted := questions.needs(answer)
}

test_a_refusal_says_what_would_be_needed if {
	reviewing := {"permission": "policy.review", "roles": ["approver", "officer"], "place": "organisation"}
	needed(questions.publication("approve", {"roles": ["developer"]}, [])) == reviewing
	person := {"kind": "person", "place": "organisation"}
	needed(questions.publication("approve", {"kind": "agent"}, [])) == person
	other := {"anotherPerson": true, "place": "organisation"}
	needed(questions.publication("approve", {"principalId": "p-author"}, [])) == other
	needed(questions.publication("publish", {"principalId": "p-author"}, [approval])) == other
	needed(questions.publication("publish", {}, [])) == {"place": "organisation"}
}
