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
