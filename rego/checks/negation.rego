# METADATA
# title: Nothing is negated that may be undefined
# description: |-
#   OPA evaluates the arguments of a call before it negates the call. In `not f(input.a.b)` a missing `b` makes
#   the whole expression undefined, not true: a violation written so would silently not be found. The arguments
#   of a negated call are therefore constants and variables, and the reading of paths goes into a helper.
package assay.checks.negation

# METADATA
# description: What may be undefined below a `not`, as {at, problem}.
problems contains {"at": $"{entry.file}:{row}", "problem": "a negated call takes a path or a rule, which may be undefined"} if {
	some entry in input.modules
	walk(entry.module.rules, [_, expression])
	expression.negated
	is_array(expression.terms)
	some argument in array.slice(expression.terms, 1, count(expression.terms))
	may_be_undefined(argument, entry)
	row := expression.location.row
}

may_be_undefined(term, _) if {
	walk(term, [_, part])
	part.type in {"ref", "call"}
}

# A rule that collects ("contains") is never undefined, and neither is one with a default.
may_be_undefined(term, entry) if {
	term.type == "var"
	some rule in entry.module.rules
	rule.head.name == term.value
	not rule.head.key
	not rule.head.args
	not has_default(rule, entry)
}

has_default(rule, entry) if {
	some other in entry.module.rules
	other.head.name == rule.head.name
	other["default"]
}
