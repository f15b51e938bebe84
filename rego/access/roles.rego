# METADATA
# title: Roles
# description: |-
#   What access roles permit is data, a table from role to permissions. Nothing that the table does not say is
#   permitted.
package assay.access.roles

# METADATA
# description: One of the actor's roles has the permission.
grant(permission) if {
	some role in input.actor.roles
	permission in input.parameters.permissions[role]
}
