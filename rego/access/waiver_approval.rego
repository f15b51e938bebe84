# METADATA
# title: Who may approve a waiver
# description: |-
#   Four eyes: a person other than the one who asked and other than the author of the artefact, whose role may
#   approve, and who has not approved already. No role is above this, an administrator's no more than any other.
#   A service or an agent never approves. What was too long to ask for is too long to approve.
# custom:
#   id: waiver-approval
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     approver-is-not-a-person: "Denied: only a person may approve a waiver."
#     approver-is-requester: "Denied: whoever asked for a waiver cannot approve it."
#     approver-is-author: "Denied: the author of the artefact cannot approve a waiver for it."
#     already-approved: "Denied: this person has approved already."
#     severity-not-waivable: "Denied: what is of severity {severity} cannot be waived."
#     duration-too-long: "Denied: the waiver would last {durationDays} days, and at most {maxDurationDays} are allowed for severity {severity}."
#   remediation: Have another person with an approving role decide.
#   controls: ["ISO27001:A.5.3", "SOC2:CC6.3"]
#   parameters: [permissions, max_waiver_days]
package assay.access.waiver_approval

import data.assay.access.roles
import data.assay.access.waivers

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "params": params}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "role-lacks-permission" if {
	not roles.grant("waiver.approve")
} else := "approver-is-not-a-person" if {
	input.actor.kind != "person"
} else := "approver-is-requester" if {
	input.actor.principalId == input.waiver.requesterId
} else := "approver-is-author" if {
	input.actor.principalId == input.waiver.artefactAuthorId
} else := "already-approved" if {
	some approval in input.approvals
	approval.approverId == input.actor.principalId
} else := "severity-not-waivable" if {
	not waivers.waivable
} else := "ok" if {
	waivers.short_enough
} else := "duration-too-long"

default params := {}

params := waivers.terms

# Without one of these a question above would go unanswered, and an unanswered question must not let anybody by.
question_complete if {
	is_string(input.actor.principalId)
	is_string(input.actor.kind)
	is_string(input.waiver.requesterId)
	author_stated
	is_string(input.waiver.severity)
	is_number(input.waiver.durationDays)
	every approval in input.approvals { is_string(approval.approverId) }
}

author_stated if is_string(input.waiver.artefactAuthorId)

author_stated if input.waiver.artefactAuthorId == null
