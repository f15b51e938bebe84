# METADATA
# title: Who may approve a waiver
# description: |-
#   Four eyes: a person other than the one who asked and other than the author of the artefact, whose role may
#   approve, and who has not approved already. No role is above this, an administrator's no more than any other.
#   A service or an agent never approves. What was too long to ask for is too long to approve. Whoever approves in
#   somebody's place is asked about with that person's roles: they can do what that person could and no more, and
#   neither of them may be the one who asked or the author. A severity may demand a role, and a fresh, strong login.
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
#     delegator-is-requester: "Denied: whoever asked for a waiver cannot have it approved by somebody in their place."
#     delegator-is-author: "Denied: the author of the artefact cannot have a waiver for it approved by somebody in their place."
#     approver-role-missing: "Denied: for severity {severity} an approver needs one of the roles {roles}."
#     fresh-login-required: "Denied: this approval takes a fresh, strong login; missing: {missing}."
#     already-approved: "Denied: this person has approved already."
#     severity-not-waivable: "Denied: what is of severity {severity} cannot be waived."
#     duration-too-long: "Denied: the waiver would last {durationDays} days, and at most {maxDurationDays} are allowed for severity {severity}."
#   remediation: Have another person with an approving role decide.
#   controls: ["ISO27001:A.5.3", "SOC2:CC6.3"]
#   parameters: [permissions, max_waiver_days, waiver_approver_roles, approval_login_minutes, approval_login_methods]
package assay.access.waiver_approval

import data.assay.access.roles
import data.assay.access.waivers

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "params": params, "needed": roles.needed(wanted)}

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
} else := "delegator-is-requester" if {
	input.delegation.delegatorId == input.waiver.requesterId
} else := "delegator-is-author" if {
	input.delegation.delegatorId == input.waiver.artefactAuthorId
} else := "already-approved" if {
	some approval in input.approvals
	approval.approverId in persons
} else := "approver-role-missing" if {
	not role_fits
} else := "severity-not-waivable" if {
	not waivers.waivable
} else := "duration-too-long" if {
	not waivers.short_enough
} else := "fresh-login-required" if {
	count(missing) > 0
} else := "ok"

default wanted := {}

wanted := roles.permission("waiver.approve") if reason == "role-lacks-permission"

wanted := {"kind": "person"} if reason == "approver-is-not-a-person"

wanted := {"anotherPerson": true} if reason in others_business

wanted := {
	"roles": sort(roles_needed_set & access_roles),
	"processRoles": sort(roles_needed_set - access_roles),
} if {
	reason == "approver-role-missing"
}

others_business := {
	"approver-is-requester", "approver-is-author", "delegator-is-requester", "delegator-is-author", "already-approved",
}

access_roles := {role | some role, _ in input.parameters.permissions}

default params := {}

params := {
	"severity": input.waiver.severity,
	"durationDays": input.waiver.durationDays,
	"maxDurationDays": waivers.longest_days(input.waiver.severity),
	"roles": roles_needed,
	"maxAgeMinutes": max_age_minutes,
	"methods": methods,
	"missing": sort(missing),
}

# METADATA
# description: Whoever approves, and in whose place.
persons contains input.actor.principalId

persons contains input.delegation.delegatorId

# METADATA
# description: Roles of which one is needed, by severity and at this gate.
roles_needed := sort(roles_needed_set)

roles_needed_set := severity_roles | gate_roles

severity_roles := {role | some role in input.parameters.waiver_approver_roles[input.waiver.severity]}

gate_roles := {right.role | some right in rights}

# METADATA
# description: Rights at the gate that reach to this severity and last as long as the waiver.
rights := [right |
	some right in waivers.gate_rights
	waivers.covers(right.severity, input.waiver.severity)
	right.maxDays >= input.waiver.durationDays
]

# METADATA
# description: Everything the actor holds, in whichever sense of the word.
held := roles.held | {role | some role in input.actor.processRoles}

role_fits if {
	fits_severity
	fits_gate
}

fits_severity if count(severity_roles) == 0

fits_severity if count(severity_roles & held) > 0

fits_gate if count(waivers.gate_rights) == 0

fits_gate if count(gate_roles & held) > 0

# METADATA
# description: Minutes; absent where this severity asks for no fresh login.
max_age := input.parameters.approval_login_minutes[input.waiver.severity]

# METADATA
# description: Ways of which one is needed; empty where any will do.
default methods := []

methods := input.parameters.approval_login_methods[input.waiver.severity]

default max_age_minutes := null

max_age_minutes := max_age

# METADATA
# description: What the approver's login lacks, as the claims of a token. A claim that is not there is not good enough.
missing contains "auth_time" if {
	is_number(max_age)
	not fresh
}

missing contains "amr" if {
	count(methods) > 0
	count({method | some method in input.login.amr} & {method | some method in methods}) == 0
}

# A login of the future is nobody's: clocks may differ by the tolerance that tokens are read with.
fresh if {
	is_number(input.login.ageSeconds)
	input.login.ageSeconds >= -5
	input.login.ageSeconds <= max_age * 60
}

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
