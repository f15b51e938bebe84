# METADATA
# title: Who may review and publish a policy
# description: |-
#   Four eyes over the rules themselves: whoever wrote any of it since it was last published neither approves it
#   nor counts as a reviewer, and only persons review and publish. What was not approved by enough others, or was
#   sent back, is not published. Whether an author may press the button once others have approved is a parameter.
#   The answer also says how many must approve and how much of the rules the tests must reach.
# custom:
#   id: policy-publication
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     unknown-step: "Denied: there is no such step in the life of a policy."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     not-a-person: "Denied: only a person reviews or publishes a policy."
#     reviewer-is-author: "Denied: whoever wrote part of this policy cannot approve it."
#     already-reviewed: "Denied: this person has reviewed it already."
#     changes-requested: "Denied: a reviewer asked for changes."
#     approvals-missing: "Denied: {approvals} of {requiredApprovals} approvals by others than its authors."
#     publisher-is-author: "Denied: whoever wrote part of this policy cannot publish it."
#   remediation: Have a person who did not write any of it review and publish the policy.
#   controls: ["ISO27001:A.5.3", "ISO27001:A.8.32", "SOC2:CC8.1"]
#   parameters: [permissions, policy_approvals_required, policy_coverage_floor, policy_author_may_publish]
package assay.access.policy_publication

import data.assay.access.roles

# METADATA
# entrypoint: true
decision := {
	"allowed": reason == "ok",
	"reasonCode": reason,
	"params": params,
	"requiredApprovals": required_approvals,
	"coverageFloor": coverage_floor,
	"needed": roles.needed(wanted),
}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "unknown-step" if {
	not known_step
} else := "role-lacks-permission" if {
	not role_permits
} else := "not-a-person" if {
	input.actor.kind != "person"
} else := "already-reviewed" if {
	input.step != "publish"
	has_reviewed
} else := "reviewer-is-author" if {
	input.step == "approve"
	is_author
} else := "changes-requested" if {
	input.step == "publish"
	sent_back
} else := "approvals-missing" if {
	input.step == "publish"
	count(approving) < required_approvals
} else := "publisher-is-author" if {
	input.step == "publish"
	is_author
	not author_may_publish
} else := "ok"

permission_for := {
	"approve": "policy.review",
	"request-changes": "policy.review",
	"publish": "policy.publish",
}

known_step if permission_for[input.step]

role_permits if roles.grant(permission_for[input.step])

has_reviewed if {
	some review in input.reviews
	review.reviewerId == input.actor.principalId
}

sent_back if {
	some review in input.reviews
	review.outcome == "request-changes"
}

# METADATA
# description: Those who approved and wrote nothing of it, each once.
approving := {review.reviewerId |
	some review in input.reviews
	review.outcome == "approve"
} - {author | some author in input.policy.authorIds}

is_author if input.actor.principalId in input.policy.authorIds

author_may_publish if input.parameters.policy_author_may_publish == true

# METADATA
# description: Never fewer than one, whatever the parameter says.
required_approvals := max({1} | {number |
	number := input.parameters.policy_approvals_required
	is_number(number)
})

# METADATA
# description: Percent of each file's lines of rules; all of them where the parameter does not say.
default coverage_floor := 100

coverage_floor := input.parameters.policy_coverage_floor if is_number(input.parameters.policy_coverage_floor)

default wanted := {}

wanted := roles.permission(permission_for[input.step]) if reason == "role-lacks-permission"

wanted := {"kind": "person"} if reason == "not-a-person"

wanted := {"anotherPerson": true} if reason in {"already-reviewed", "reviewer-is-author", "publisher-is-author"}

default params := {}

params := {"approvals": count(approving), "requiredApprovals": required_approvals} if question_complete

# Without one of these a question above would go unanswered, and an unanswered question must not let anybody by.
question_complete if {
	is_string(input.actor.principalId)
	is_string(input.actor.kind)
	is_string(input.step)
	is_array(input.policy.authorIds)
	count(input.policy.authorIds) > 0
	is_array(input.reviews)
	every review in input.reviews {
		is_string(review.reviewerId)
		review.outcome in {"approve", "request-changes"}
	}
}
