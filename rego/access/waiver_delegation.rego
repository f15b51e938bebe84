# METADATA
# title: Who may let somebody else approve
# description: |-
#   A person whose own roles permit approving may let another person approve waivers in their place, for a limited
#   time. Only what somebody holds themselves can be passed on: being somebody's delegate gives no role, so that there
#   are no chains. What the delegate may then approve is asked anew each time (waiver-approval).
# custom:
#   id: waiver-delegation
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     delegator-not-a-person: "Denied: only a person lets somebody approve in their place."
#     delegate-not-a-person: "Denied: only a person approves in somebody's place."
#     delegate-is-delegator: "Denied: nobody delegates to themselves."
#     delegation-too-long: "Denied: the delegation would last {durationDays} days, and at most {maxDurationDays} are allowed."
#   remediation: Name another person, or a shorter time.
#   controls: ["ISO27001:A.5.3", "SOC2:CC6.3"]
#   parameters: [permissions, max_delegation_days]
package assay.access.waiver_delegation

import data.assay.access.roles

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "params": params, "needed": roles.needed(wanted)}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "role-lacks-permission" if {
	not roles.grant("waiver.delegate")
} else := "role-lacks-permission" if {
	not roles.grant("waiver.approve")
} else := "delegator-not-a-person" if {
	input.actor.kind != "person"
} else := "delegate-not-a-person" if {
	input.delegation.delegateKind != "person"
} else := "delegate-is-delegator" if {
	input.delegation.delegateId == input.actor.principalId
} else := "ok" if {
	input.delegation.durationDays <= input.parameters.max_delegation_days
} else := "delegation-too-long"

default wanted := {}

# METADATA
# description: Who may not delegate at all is told of that; otherwise of what they would pass on.
wanted := roles.permission(lacking) if reason == "role-lacks-permission"

lacking := "waiver.approve" if {
	roles.grant("waiver.delegate")
} else := "waiver.delegate"

wanted := {"kind": "person"} if reason == "delegator-not-a-person"

wanted := {"anotherPerson": true} if reason in {"delegate-not-a-person", "delegate-is-delegator"}

default params := {}

params := {
	"durationDays": input.delegation.durationDays,
	"maxDurationDays": input.parameters.max_delegation_days,
}

question_complete if {
	is_string(input.actor.principalId)
	is_string(input.actor.kind)
	is_string(input.delegation.delegateId)
	is_string(input.delegation.delegateKind)
	is_number(input.delegation.durationDays)
	is_number(input.parameters.max_delegation_days)
}
