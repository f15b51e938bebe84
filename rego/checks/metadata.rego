# METADATA
# title: Everything says what it is
# description: |-
#   Results, documentation and message catalogues are built from METADATA, so a module without it is incomplete,
#   however right its logic.
package assay.checks.metadata

import data.assay.checks.modules

severities := {"critical", "high", "medium", "low", "none"}

# METADATA
# description: What is missing or contradicts itself, as {at, problem}.
problems contains {"at": entry.file, "problem": $"METADATA has no {field}"} if {
	some entry in input.modules
	some field in ["title", "description"]
	not has_metadata(entry, field)
}

problems contains {"at": entry.file, "problem": $"METADATA has no custom.{field}"} if {
	some entry in judging
	some field in ["id", "remediation"]
	not has_custom(entry, field)
}

problems contains {"at": entry.file, "problem": "custom.severity is not a severity of the scale"} if {
	some entry in judging
	not has_severity(entry)
}

problems contains {"at": entry.file, "problem": "custom.controls names no control"} if {
	some entry in judging
	not has_controls(entry)
}

problems contains {"at": entry.file, "problem": "custom.messages has no message"} if {
	some entry in judging
	not has_messages(entry)
}

problems contains {"at": entry.file, "problem": "custom.parameters is not a list of the parameters read"} if {
	some entry in judging
	not has_parameters(entry)
}

problems contains {"at": entry.file, "problem": $"the id {id} is not in kebab-case"} if {
	some entry in judging
	id := modules.custom(entry).id
	not regex.match(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, id)
}

problems contains {"at": entry.file, "problem": $"the id {id} is used more than once"} if {
	some entry in judging
	id := modules.custom(entry).id
	count([other | some other in judging; modules.custom(other).id == id]) > 1
}

problems contains {"at": entry.file, "problem": $"rule {id} belongs in {expected}"} if {
	some entry in modules.rules
	id := modules.custom(entry).id
	expected := concat("", ["rego/rules/", id, "/", id, ".rego"])
	entry.file != expected
}

problems contains {"at": entry.file, "problem": $"decision {id} belongs in {expected}"} if {
	some entry in modules.decisions
	id := modules.custom(entry).id
	expected := concat("", ["rego/", modules.part(entry), "/", replace(id, "-", "_"), ".rego"])
	entry.file != expected
}

problems contains {"at": entry.file, "problem": $"the package of {id} is not called {expected}"} if {
	some entry in judging
	id := modules.custom(entry).id
	expected := concat(".", ["assay", modules.part(entry), replace(id, "-", "_")])
	modules.name(entry) != expected
}

problems contains {"at": entry.file, "problem": $"{entrypoint} is not there, or not marked as an entrypoint"} if {
	some entrypoint, entries in {"result": modules.rules, "decision": modules.decisions}
	some entry in entries
	not has_entrypoint(entry, entrypoint)
}

problems contains {"at": entry.file, "problem": $"there is no {expected}"} if {
	some entry in input.modules
	expected := replace(entry.file, ".rego", "_test.rego")
	not is_test(expected)
}

judging := array.concat(modules.rules, modules.decisions)

has_metadata(entry, field) if trim_space(modules.metadata(entry)[field]) != ""

has_custom(entry, field) if trim_space(modules.custom(entry)[field]) != ""

has_severity(entry) if modules.custom(entry).severity in severities

has_controls(entry) if {
	controls := modules.custom(entry).controls
	count(controls) > 0
	every control in controls { is_string(control) }
}

has_messages(entry) if {
	messages := modules.custom(entry).messages
	count(messages) > 0
	every message in messages { is_string(message) }
}

has_parameters(entry) if {
	parameters := modules.custom(entry).parameters
	every parameter in parameters { is_string(parameter) }
	reads_only(entry, parameters)
}

# What a decision reads, it reads through the library of its folder, so that only rules can be compared.
reads_only(entry, _) if modules.part(entry) in modules.answering

reads_only(entry, parameters) if modules.parameters_read(entry) == {parameter | some parameter in parameters}

has_entrypoint(entry, entrypoint) if {
	some rule in entry.module.rules
	rule.head.name == entrypoint
	some annotation in rule.annotations
	annotation.entrypoint
}

is_test(file) if file in input.tests
