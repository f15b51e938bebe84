# METADATA
# title: Who may do what
# description: |-
#   A principal may do what one of their roles permits, and nothing else. Roles count that are held everywhere or in
#   the project that the question is about. A role or a permission that the table does not know is denied, and the
#   answer says which of them was the reason. Where it is permitted, the answer names the roles that permit it.
# custom:
#   id: authorise
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     no-role: "Denied: the principal has no role here."
#     unknown-role: "Denied: the policy knows none of the principal's roles."
#     unknown-permission: "Denied: the policy knows no such permission."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     person-required: "Denied: only a person may do this."
#   remediation: Ask an administrator for a role that has the permission.
#   controls: ["ISO27001:A.5.15", "ISO27001:A.5.18", "SOC2:CC6.1"]
#   parameters: [permissions]
package assay.access.authorise

import data.assay.access.roles

# METADATA
# entrypoint: true
decision := {"allowed": reason == "ok", "reasonCode": reason, "roles": permitting, "rule": rule, "needed": roles.needed(wanted)}

# METADATA
# description: The rule that answered, in words.
rule := {
	"ruleId": link.annotations.custom.id,
	"title": link.annotations.title,
	"message": link.annotations.custom.messages[reason],
	"remediation": link.annotations.custom.remediation,
} if {
	some link in rego.metadata.chain()
	link.annotations.scope == "package"
}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "no-role" if {
	count(roles.held) == 0
} else := "unknown-role" if {
	not some_role_known
} else := "unknown-permission" if {
	not permission_known
} else := "person-required" if {
	input.permission in persons_only
	roles.grant(input.permission)
	not is_person
} else := "ok" if {
	roles.grant(input.permission)
} else := "role-lacks-permission"

# METADATA
# description: What somebody vouches for in their own name; no role lets a machine do it.
persons_only := {"evidence.attest"}

is_person if input.actor.kind == "person"

default wanted := {}

wanted := roles.permission(input.permission) if reason in {"no-role", "unknown-role", "role-lacks-permission"}

wanted := {"permission": input.permission, "kind": "person"} if reason == "person-required"

default permitting := []

permitting := roles.giving(input.permission) if reason == "ok"

question_complete if {
	is_array(input.actor.roles)
	is_string(input.permission)
	is_object(input.parameters.permissions)
	project_stated
}

# Without a project the question is about the organisation as a whole.
project_stated if not input.project

project_stated if is_array(input.project.roles)

some_role_known if {
	some role in roles.held
	input.parameters.permissions[role]
}

permission_known if {
	some permissions in input.parameters.permissions
	input.permission in permissions
}
