package assay.checks.negation_test

import data.assay.checks.examples_test as examples
import data.assay.checks.negation

rules := [
	{"head": {"name": "limit", "value": examples.text("x")}},
	{"head": {"name": "known", "key": examples.variable("k")}},
	{"head": {"name": "safe", "value": examples.text("x")}},
	{"head": {"name": "safe", "value": examples.text("x")}, "default": true},
	{"head": {"name": "helper", "args": [], "value": examples.text("x")}},
]

found(arguments) := {problem.at | some problem in problems} if {
	expression := {
		"negated": true,
		"location": {"row": 7},
		"terms": array.concat([examples.ref(["f"])], arguments),
	}
	rule := {"head": {"name": "r"}, "body": [expression]}
	entry := examples.rule_entry({}, array.concat(rules, [rule]))
	problems := negation.problems with input as {"modules": [entry]}
}

here := {"rego/rules/my-rule/my-rule.rego:7"}

test_constants_and_variables if {
	found([examples.text("a"), examples.variable("document")]) == set()
}

test_a_path_may_be_undefined if {
	found([examples.ref(["document", "state"])]) == here
}

test_also_within_something_larger if {
	found([{"type": "array", "value": [examples.ref(["document", "state"])]}]) == here
	found([examples.call(["lower"], [examples.variable("x")])]) == here
}

test_a_rule_may_be_undefined if {
	found([examples.variable("limit")]) == here
}

test_what_collects_or_has_a_default_is_never_undefined if {
	found([examples.variable("known")]) == set()
	found([examples.variable("safe")]) == set()
	found([examples.variable("helper")]) == set()
}

test_a_negated_name_is_no_call if {
	expression := {"negated": true, "location": {"row": 7}, "terms": examples.ref(["document", "state"])}
	entry := examples.rule_entry({}, [{"head": {"name": "r"}, "body": [expression]}])
	negation.problems == set() with input as {"modules": [entry]}
}
