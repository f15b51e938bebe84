# METADATA
# title: Who may administer principals and grants
# description: |-
#   Administrators, who are persons, add principals, shut them out and let them in again, and give and revoke roles.
#   Nobody gives a role to themselves or changes their own standing. The last one who could give roles keeps theirs and
#   is not erased, so that an organisation cannot lock itself out. Which roles a service or an agent may hold is a table. In a project,
#   whoever holds the permission there gives and revokes roles of that project.
# custom:
#   id: administration
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     unknown-access-step: "Denied: there is no such step in administering access."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     administrator-not-a-person: "Denied: only a person administers access."
#     own-grant: "Denied: nobody gives a role to themselves."
#     own-standing: "Denied: nobody shuts themselves out or lets themselves in."
#     unknown-access-role: "Denied: the policy knows no role {role}."
#     role-not-for-kind: "Denied: the role {role} is not given to a principal of the kind {kind}."
#     rate-not-for-person: "Denied: only the grant of a service or an agent, and not that of one project, sets a rate."
#     last-administrator: "Denied: nobody else would be left who may give roles."
#   remediation: Have another administrator do it, or give the role to somebody else first.
#   controls: ["ISO27001:A.5.3", "ISO27001:A.5.18", "ISO27001:A.8.2", "SOC2:CC6.2", "SOC2:CC6.3"]
#   parameters: [permissions, roles_by_kind]
package assay.access.administration

import data.assay.access.roles

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "params": params, "needed": roles.needed(wanted)}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "unknown-access-step" if {
	not permission_for[input.step]
} else := "role-lacks-permission" if {
	not role_permits
} else := "administrator-not-a-person" if {
	input.step != "erase-person" # whoever may erase is no administrator
	input.actor.kind != "person"
} else := "own-grant" if {
	input.step == "give-grant"
	is_self
} else := "own-standing" if {
	input.step in {"disable-principal", "enable-principal"}
	is_self
} else := "unknown-access-role" if {
	input.step == "give-grant"
	not input.parameters.permissions[input.grant.role]
} else := "role-not-for-kind" if {
	input.step == "give-grant"
	not role_for_kind
} else := "rate-not-for-person" if {
	input.step == "give-grant"
	rate_misplaced
} else := "last-administrator" if {
	takes_an_administrator
	count(administrators_left) == 0
} else := "ok"

permission_for := {
	"give-grant": "grant.manage",
	"revoke-grant": "grant.manage",
	"add-principal": "principal.manage",
	"disable-principal": "principal.manage",
	"enable-principal": "principal.manage",
	"erase-person": "person.erase",
}

role_permits if roles.grant(permission_for[input.step])

role_for_kind if input.grant.role in input.parameters.roles_by_kind[input.principal.kind]

is_self if input.actor.principalId == input.principal.principalId

administers(role) if "grant.manage" in input.parameters.permissions[role]

takes_an_administrator if {
	input.step == "revoke-grant"
	input.grant.projectId == null
	administers(input.grant.role)
}

takes_an_administrator if {
	input.step in {"disable-principal", "erase-person"}
	some role in input.principal.roles
	administers(role)
}

# METADATA
# description: Roles that may give roles, and that somebody else holds everywhere once this is done.
administrators_left contains role if {
	some role, persons in input.remaining
	persons > 0
	administers(role)
}

rate_misplaced if {
	input.grant.requestsPerMinute != null
	input.principal.kind == "person"
}

rate_misplaced if {
	input.grant.requestsPerMinute != null
	input.grant.projectId != null
}

default wanted := {}

wanted := roles.permission(permission_for[input.step]) if reason == "role-lacks-permission"

wanted := {"kind": "person"} if reason == "administrator-not-a-person"

wanted := {"anotherPerson": true} if reason in {"own-grant", "own-standing"}

default params := {}

params := {"kind": input.principal.kind, "role": object.get(input, ["grant", "role"], "")} if question_complete

# Without one of these a question above would go unanswered, and an unanswered question must not let anybody by.
question_complete if {
	is_string(input.actor.principalId)
	is_string(input.actor.kind)
	is_array(input.actor.roles)
	is_string(input.step)
	is_string(input.principal.principalId)
	is_string(input.principal.kind)
	is_array(input.principal.roles)
	is_object(input.remaining)
	grant_stated
}

about_a_grant if input.step in {"give-grant", "revoke-grant"}

grant_stated if not about_a_grant

grant_stated if {
	is_string(input.grant.role)
	{"projectId", "requestsPerMinute"} - object.keys(input.grant) == set()
}
