# Role-based access: who has a role that grants the action on the kind of thing.
package bench.rbac

default allow := false

allow if {
	some role in data.user_roles[input.user]
	some grant in data.role_grants[role]
	grant.action == input.action
	grant.kind == input.kind
}
