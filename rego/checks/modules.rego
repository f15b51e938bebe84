# METADATA
# title: Modules as data
# description: |-
#   Reads the syntax trees of Rego modules, as `opa parse -f json` prints them. The checks ask what a module
#   says of itself (METADATA), which names it uses and which codes it can give. Input is
#   {modules: [{file, module}], tests: [file], packs: [{folder, policy, messages, cases}]}; `modules` leaves
#   tests out.
package assay.checks.modules

import data.assay.lib.evidence
import data.assay.lib.report

# METADATA
# description: Rules that gates ask; one package each below assay.rules.
rules := [entry | some entry in input.modules; part_of(entry, "rules")]

# METADATA
# description: Folders of packs that answer questions instead of judging.
answering := {"access", "process"}

# METADATA
# description: Questions that such packs answer; packages of theirs that have a decision.
decisions := [entry |
	some entry in input.modules
	some part in answering
	part_of(entry, part)
	some rule in entry.module.rules
	rule.head.name == "decision"
]

# METADATA
# description: The METADATA of the package; empty when there is none.
metadata(entry) := object.union_n([annotation |
	some annotation in object.get(entry.module, "annotations", [])
	annotation.scope == "package"
])

# METADATA
# description: The part of the METADATA that is ours.
custom(entry) := object.get(metadata(entry), "custom", {})

# METADATA
# description: The package's name without data, as in "assay.rules.no_secrets".
name(entry) := concat(".", array.slice(path(entry), 1, count(path(entry))))

# METADATA
# description: The arguments of every call of a function of an imported package.
calls(entry, package_name, function) := [array.slice(node, 1, count(node)) |
	walk(entry.module.rules, [_, node])
	is_array(node)
	node[0].type == "ref"
	[part.value | some part in node[0].value] == [package_name, function]
]

# METADATA
# description: |-
#   What a rule can report, as {code, params}: the short code as written, or null where it is not written out as
#   a text, and the names its message may quote.
reports(entry) := array.flatten([
	[{"code": text(call[0]), "params": report.finding_params} | some call in calls(entry, "report", "of_finding")],
	[{"code": text(call[0]), "params": ({"component"} | keys(call[2]))} |
		some call in calls(entry, "report", "of_component")
	],
	[{"code": text(call[0]), "params": (report.vulnerability_params | keys(call[2]))} |
		some call in calls(entry, "report", "of_vulnerability")
	],
	[{"code": text(call[0]), "params": keys(call[3])} | some call in calls(entry, "report", "of_subject")],
	[{"code": text(call[0]), "params": keys(call[2])} | some call in calls(entry, "report", "of_document")],
	[{"code": text(call[0]), "params": keys(call[1])} | some call in calls(entry, "report", "of_artefact")],
	[{"code": text(call[0]), "params": keys(call[1])} | some call in calls(entry, "report", "gap")],
	[{"code": code, "params": evidence.gap_params} |
		some _ in calls(entry, "evidence", "gaps")
		some code in evidence.gap_codes
	],
])

# METADATA
# description: The reason codes a decision can give; the texts that its rule "reason" is set to.
reasons(entry) := {node.value.value |
	walk(entry.module.rules, [_, node])
	node.name == "reason"
	node.value.type == "string"
}

# METADATA
# description: The parameters a rule reads, through the library or straight from the input.
parameters_read(entry) := {text(call[0]) |
	some function in ["severity", "percent", "integer", "integers", "texts", "text_lists", "flag"]
	some call in calls(entry, "parameters", function)
} | {node[2].value |
	walk(entry.module.rules, [_, node])
	node[0].value == "input"
	node[1].value == "parameters"
}

# METADATA
# description: The names between braces in a message.
placeholders(message) := {found[1] |
	some found in regex.find_all_string_submatch_n(`\{([A-Za-z]+)\}`, message, -1)
}

# METADATA
# description: The folder that a module lies in.
part(entry) := path(entry)[2]

part_of(entry, part) if {
	path(entry)[2] == part
	count(path(entry)) == 4
}

path(entry) := [part.value | some part in entry.module.package.path]

text(term) := term.value if {
	term.type == "string"
} else := null

keys(term) := {pair[0].value | some pair in term.value; term.type == "object"}
