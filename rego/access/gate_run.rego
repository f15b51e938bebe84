# METADATA
# title: Who may deal with a gate run that waits for a person
# description: |-
#   A run that could not judge for our own fault waits for the process role that answers for its gate, and, when it is
#   late, for those to whom it was escalated. Who holds one of these roles in the project may have it tried again. To let
#   the artefact go on without a verdict, or to send it back, takes a person; and nobody overrides a gate for a run that
#   they asked for themselves.
# custom:
#   id: gate-run
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     unknown-run-step: "Denied: there is no such step in the life of a run."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     not-its-owner: "Denied: the run waits for {roles}, and the principal holds none of these roles in the project."
#     override-not-a-person: "Denied: only a person overrides a gate or sends an artefact back."
#     override-own-run: "Denied: nobody overrides a gate for a run that they asked for themselves."
#   remediation: Ask somebody who holds the process role that the run waits for.
#   controls: ["ISO27001:A.5.3", "SOC2:CC8.1"]
#   parameters: [permissions]
package assay.access.gate_run

import data.assay.access.roles

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "params": params, "needed": needed}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "unknown-run-step" if {
	not known_step
} else := "role-lacks-permission" if {
	not roles.grant("run.resolve")
} else := "not-its-owner" if {
	not owns
} else := "ok" if {
	input.run.action == "resume"
} else := "override-not-a-person" if {
	input.actor.kind != "person"
} else := "override-own-run" if {
	input.run.action == "override"
	input.run.requesterId == input.actor.principalId
} else := "ok"

known_step if input.run.action in {"resume", "override", "reject"}

owns if {
	some role in input.actor.processRoles
	role in input.run.roles
}

# METADATA
# description: A run waits in the project of its gate.
needed := object.union(roles.needed(wanted), {"place": "project"})

default wanted := {}

wanted := roles.permission("run.resolve") if reason == "role-lacks-permission"

wanted := {"processRoles": sort(input.run.roles)} if reason == "not-its-owner"

wanted := {"kind": "person"} if reason == "override-not-a-person"

wanted := {"anotherPerson": true} if reason == "override-own-run"

default params := {}

params := {"roles": concat(", ", input.run.roles)}

question_complete if {
	is_string(input.actor.principalId)
	is_string(input.actor.kind)
	is_array(input.actor.processRoles)
	is_string(input.run.action)
	is_string(input.run.requesterId)
	is_array(input.run.roles)
	is_object(input.parameters.permissions)
}
