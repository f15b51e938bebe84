# METADATA
# title: Roles
# description: |-
#   What access roles permit is data, a table from role to permissions. Nothing that the table does not say is
#   permitted. A role is held everywhere, or in the one project that the question is about.
package assay.access.roles

# METADATA
# description: What the actor holds everywhere.
held contains role if some role in input.actor.roles

# METADATA
# description: What the actor holds in the project that the question names.
held contains role if some role in input.project.roles

# METADATA
# description: One of the actor's roles has the permission.
grant(permission) if {
	some role in held
	permission in input.parameters.permissions[role]
}

# METADATA
# description: Those of the actor's roles that have the permission, sorted.
giving(permission) := [role |
	some role in sort(held)
	permission in input.parameters.permissions[role]
]

# METADATA
# description: |-
#   What would have to be otherwise for the answer to be yes, as far as somebody could see to it: one of these roles,
#   one of these process roles, another kind of principal, another person. Roles count that are held everywhere or in
#   the place. `wanted` says what is not as in this.
needed(wanted) := object.union(
	{"permission": null, "roles": [], "processRoles": [], "kind": null, "anotherPerson": false, "place": place},
	wanted,
)

# METADATA
# description: A permission, by the roles that have it.
permission(name) := {"permission": name, "roles": having(name)}

# METADATA
# description: Roles that have the permission, sorted.
having(name) := sort([role |
	some role, permissions in input.parameters.permissions
	name in permissions
])

default place := "organisation"

place := "project" if input.project
