# METADATA
# title: Example modules for tests
# description: |-
#   Syntax trees as `opa parse` prints them, as small as the checks allow. `sound` is an input without a problem; a
#   test changes one thing in it.
package assay.checks.examples_test

text(value) := {"type": "string", "value": value}

variable(name) := {"type": "var", "value": name}

ref(parts) := {
	"type": "ref",
	"value": [part |
		some index, name in parts
		part := {"type": ["var", "string"][min([index, 1])], "value": name}
	],
}

# METADATA
# description: An object whose keys are all that matters.
keyed(names) := {"type": "object", "value": [[text(name), text("")] | some name in names]}

call(parts, arguments) := {"type": "call", "value": array.concat([ref(parts)], arguments)}

head(name, value) := {"head": {"name": name, "value": value}}

marked(rule) := object.union(rule, {"annotations": [{"scope": "document", "entrypoint": true}]})

module(path, custom, rules) := {
	"package": {"path": [text(part) | some part in array.concat(["data"], path)]},
	"annotations": [{"scope": "package", "title": "A title", "description": "A text.", "custom": custom}],
	"rules": rules,
}

rule_metadata := {
	"id": "my-rule",
	"severity": "high",
	"remediation": "Mend it.",
	"controls": ["ISO27001:A.5.3"],
	"parameters": ["my_floor", "my_other"],
	"messages": {
		"my-rule.bad": "{tool} says so",
		"my-rule.heavy": "{component} is too heavy",
		"my-rule.long": "{length} lines",
		"my-rule.anonymous": "no {field}",
		"my-rule.unseen": "not seen",
		"my-rule.evidence-missing": "no {kind}",
		"my-rule.evidence-stale": "stale",
		"my-rule.evidence-incomplete": "incomplete",
		"my-rule.evidence-error": "error",
		"my-rule.evidence-not-measured": "not measured",
		"my-rule.evidence-unknown": "unknown",
	},
}

rule_rules := [
	head("floor", call(["parameters", "severity"], [text("my_floor")])),
	head("other", ref(["input", "parameters", "my_other"])),
	marked(head("result", call(["report", "answer"], []))),
	head("a", call(["report", "of_finding"], [text("bad"), variable("finding")])),
	head("b", call(["report", "of_component"], [text("heavy"), variable("component"), keyed([])])),
	head("c", call(["report", "of_document"], [text("long"), variable("document"), keyed(["length"])])),
	head("d", call(["report", "of_artefact"], [text("anonymous"), keyed(["field"])])),
	head("e", call(["report", "gap"], [text("unseen"), keyed([]), variable("evidence")])),
	head("f", call(["evidence", "gaps"], [text("sast")])),
]

rule_entry(custom, rules) := {
	"file": "rego/rules/my-rule/my-rule.rego",
	"module": module(["assay", "rules", "my_rule"], custom, rules),
}

decision_metadata := {
	"id": "may-enter",
	"severity": "high",
	"remediation": "Knock.",
	"controls": ["ISO27001:A.5.15"],
	"parameters": ["doors"],
	"messages": {"ok": "Come in.", "too-late": "Denied: {durationDays} days late."},
}

decision_rules := [
	marked(head("decision", keyed([]))),
	{
		"head": {"name": "reason", "value": text("ok")},
		"else": {"head": {"name": "reason", "value": text("too-late")}},
	},
]

decision_entry(custom, rules) := {
	"file": "rego/access/may_enter.rego",
	"module": module(["assay", "access", "may_enter"], custom, rules),
}

library_entry := {"file": "rego/lib/tool.rego", "module": module(["assay", "lib", "tool"], {}, [])}

rule_pack := {
	"folder": "my-pack",
	"policy": {
		"id": "my-pack",
		"title": {"en": "Mine", "nl": "Mijn"},
		"description": {"en": "Mine.", "nl": "Mijn."},
		"rules": [{"id": "my-rule", "effect": "block"}],
		"parameters": {
			"my_floor": {"type": "severity", "default": "high", "description": "How bad."},
			"my_other": {"type": "boolean", "default": false, "description": "Or not."},
		},
	},
	"messages": rule_metadata.messages,
	"cases": [{"judge": "my-rule", "good": true}, {"judge": "my-rule", "good": false}],
}

access_pack := {
	"folder": "access",
	"policy": {
		"id": "access",
		"title": {"en": "Doors", "nl": "Deuren"},
		"description": {"en": "Doors.", "nl": "Deuren."},
		"entrypoints": ["assay/access/may_enter/decision"],
		"parameters": {"doors": {"type": "integer-map", "default": {}, "description": "Which."}},
	},
	"messages": decision_metadata.messages,
	"cases": [{"judge": "may-enter", "good": true}, {"judge": "may-enter", "good": false}],
}

tests := [
	"rego/rules/my-rule/my-rule_test.rego",
	"rego/access/may_enter_test.rego",
	"rego/lib/tool_test.rego",
]

sound := {
	"modules": [
		rule_entry(rule_metadata, rule_rules),
		decision_entry(decision_metadata, decision_rules),
		library_entry,
	],
	"tests": tests,
	"packs": [rule_pack, access_pack],
}

# METADATA
# description: The sound input with one module or pack in place of its namesake.
with_rule(custom, rules) := object.union(sound, {"modules": [
	rule_entry(custom, rules),
	decision_entry(decision_metadata, decision_rules),
	library_entry,
]})

with_decision(custom, rules) := object.union(sound, {"modules": [
	rule_entry(rule_metadata, rule_rules),
	decision_entry(custom, rules),
	library_entry,
]})

with_module(entry) := object.union(sound, {"modules": array.concat(sound.modules, [entry])})

with_pack(pack) := object.union(sound, {"packs": [pack, access_pack]})

# METADATA
# description: The rule pack with other values at the top level of its policy.
pack_with(policy_changes) := object.union(
	object.remove(rule_pack, ["policy"]),
	{"policy": object.union(object.remove(rule_pack.policy, object.keys(policy_changes)), policy_changes)},
)

texts(problems) := {found.problem | some found in problems}
