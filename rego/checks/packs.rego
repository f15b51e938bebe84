# METADATA
# title: Packs fit their rules
# description: |-
#   A pack lists rules and declares the parameters they read, each with a type and a default. A parameter that no
#   rule reads would be a threshold without effect.
package assay.checks.packs

import data.assay.checks.modules

# What the default of each type looks like.
json_type := {
	"severity": "string",
	"percent": "number",
	"integer": "number",
	"boolean": "boolean",
	"string-list": "array",
	"licence-list": "array",
	"evidence-kind-list": "array",
	"string-list-map": "object",
	"integer-map": "object",
}

# METADATA
# description: What is missing or contradicts itself, as {at, problem}.
problems contains {"at": pack.folder, "problem": $"the id is not {pack.folder}"} if {
	some pack in input.packs
	pack.policy.id != pack.folder
}

problems contains {"at": pack.folder, "problem": $"{field} has no text in {language}"} if {
	some pack in input.packs
	some field in ["title", "description"]
	some language in ["en", "nl"]
	not has_text(pack, field, language)
}

problems contains {"at": pack.folder, "problem": $"there is no rule {rule.id}"} if {
	some pack in input.packs
	some rule in pack.policy.rules
	not is_rule(rule)
}

problems contains {"at": pack.folder, "problem": $"{rule.id} has no effect of block, warn or off"} if {
	some pack in input.packs
	some rule in pack.policy.rules
	not has_effect(rule)
}

problems contains {"at": pack.folder, "problem": $"nothing answers at {entrypoint}"} if {
	some pack in input.packs
	some entrypoint in pack.policy.entrypoints
	not is_decision(entrypoint)
}

problems contains {"at": pack.folder, "problem": $"{id} reads {name}, which is not declared"} if {
	some pack in input.packs
	some id in judged_by(pack)
	some name in parameters_of[id]
	not declares(pack, name)
}

problems contains {"at": pack.folder, "problem": $"nothing reads the parameter {name}"} if {
	some pack in input.packs
	some name, _ in pack.policy.parameters
	not is_read(pack, name)
}

problems contains {"at": pack.folder, "problem": $"the parameter {name} has no description"} if {
	some pack in input.packs
	some name, parameter in pack.policy.parameters
	not is_described(parameter)
}

problems contains {"at": pack.folder, "problem": $"the default of {name} is not of its type"} if {
	some pack in input.packs
	some name, parameter in pack.policy.parameters
	not has_default(parameter)
}

problems contains {"at": pack.folder, "problem": $"{id} has no case in which it passes"} if {
	some pack in input.packs
	some id in judged_by(pack)
	not has_good_case(pack, id)
}

problems contains {"at": pack.folder, "problem": $"{id} has no case in which it does not pass"} if {
	some pack in input.packs
	some id in judged_by(pack)
	not has_bad_case(pack, id)
}

problems contains {"at": entry.file, "problem": "no pack uses this"} if {
	some entry in array.concat(modules.rules, modules.decisions)
	id := modules.custom(entry).id
	not is_used(id)
}

parameters_of[id] contains name if {
	some entry in array.concat(modules.rules, modules.decisions)
	id := modules.custom(entry).id
	some name in modules.custom(entry).parameters
}

# METADATA
# description: Ids of the rules a pack lists and the decisions at its entrypoints.
judged_by(pack) := {rule.id | some rule in pack.policy.rules} | {id |
	some entrypoint in pack.policy.entrypoints
	some entry in modules.decisions
	answers_at(entry, entrypoint)
	id := modules.custom(entry).id
}

answers_at(entry, entrypoint) if entrypoint == concat("/", [replace(modules.name(entry), ".", "/"), "decision"])

has_text(pack, field, language) if trim_space(pack.policy[field][language]) != ""

is_rule(rule) if {
	some entry in modules.rules
	modules.custom(entry).id == rule.id
}

has_effect(rule) if rule.effect in {"block", "warn", "off"}

is_decision(entrypoint) if {
	some entry in modules.decisions
	answers_at(entry, entrypoint)
}

declares(pack, name) if pack.policy.parameters[name]

is_read(pack, name) if {
	some id in judged_by(pack)
	name in parameters_of[id]
}

is_described(parameter) if trim_space(parameter.description) != ""

has_default(parameter) if type_name(parameter["default"]) == json_type[parameter.type]

has_good_case(pack, id) if {
	some tried in pack.cases
	tried.judge == id
	tried.good
}

has_bad_case(pack, id) if {
	some tried in pack.cases
	tried.judge == id
	not tried.good
}

is_used(id) if {
	some pack in input.packs
	id in judged_by(pack)
}
