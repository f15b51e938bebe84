# METADATA
# title: The answer of a rule
# description: |-
#   Builds what a rule hands back, in the one shape every gate reads. A rule names its codes in short
#   ("open-finding"); the answer carries them in full ("sast-severity.open-finding"), with the id and the
#   severity of the rule's own METADATA. Messages are not written here: a code and its params are all that is
#   recorded, and a catalogue renders them in the reader's language.
# schemas:
#   - input: schema["input"]
package assay.lib.report

import data.assay.lib.severity

# METADATA
# description: |-
#   The answer. `chain` is `rego.metadata.chain()`, called in the rule itself; `judged` says whether the rule
#   is applicable, and carries its violations and gaps (sets) and its facts. When one of these is undefined (a
#   parameter is missing or malformed), or the input is not in its normal form, there is no answer at all,
#   which the engine reports as an ERROR, never as a pass.
answer(chain, judged) := {
	"ruleId": rule.id,
	"applicable": judged.applicable,
	"violations": worst_first({in_full(violation, rule) | some violation in judged.violations}),
	"gaps": [with_rule_id(gap, rule) | some gap in sort(judged.gaps)],
	"facts": judged.facts,
} if {
	rule := about(chain)
	input_in_normal_form
}

# The METADATA of the rule: the innermost annotation that carries an id, and a severity beside it.
about(chain) := [link.annotations.custom |
	some link in chain
	link.annotations.custom.id
	link.annotations.custom.severity
][0]

# What lacks these could not be counted, and what is not counted would look clean.
input_in_normal_form if {
	is_string(input.artefact.digest)
	every document in input.evidence {
		is_string(document.digest)
		is_string(document.state)
		is_array(document.kinds)
		is_array(document.reasons)
		is_array(document.findings)
		is_array(document.aggregates)
		is_array(document.components)
	}
}

# METADATA
# description: What the message of a violation seen in a finding may quote.
finding_params := {"tool", "rule", "severity", "message"}

# METADATA
# description: A violation seen in a finding of a tool.
of_finding(code, finding) := {
	"code": code,
	"params": object.filter(finding, finding_params),
	"where": place(finding),
	"identity": identity(finding),
	"evidence": finding.evidence,
}

# METADATA
# description: A violation seen in a component of a bill of materials.
of_component(code, component, params) := {
	"code": code,
	"params": object.union({"component": label(component)}, params),
	"subject": label(component),
	"evidence": component.evidence,
}

# METADATA
# description: What the message of a violation seen in a vulnerability may quote, besides what the rule adds.
vulnerability_params := {"id", "component", "severity"}

# METADATA
# description: A violation seen in a known vulnerability of a component.
of_vulnerability(code, vulnerability, params) := {
	"code": code,
	"params": object.union(
		{"id": vulnerability.id, "component": affected(vulnerability), "severity": vulnerability.severity},
		params,
	),
	"where": place(object.union(vulnerability, {"startLine": null})),
	"identity": identity(vulnerability),
	"subject": affected(vulnerability),
	"evidence": vulnerability.evidence,
}

# METADATA
# description: A violation seen in something that a document names, such as a test or an item of a checklist.
of_subject(code, document, subject, params) := {
	"code": code,
	"params": params,
	"subject": subject,
	"evidence": document.digest,
}

# METADATA
# description: A violation seen in a document as a whole.
of_document(code, document, params) := {"code": code, "params": params, "evidence": document.digest}

# METADATA
# description: A violation seen in the artefact's own header; the artefact is then its own evidence.
of_artefact(code, params) := {"code": code, "params": params, "evidence": input.artefact.digest}

# METADATA
# description: The same violation with a severity of its own, in place of the rule's.
rated(own_severity, violation) := object.union(violation, {"severity": own_severity})

# METADATA
# description: Something that could not be judged. It makes the outcome INDETERMINATE.
gap(code, params, evidence) := {"code": code, "params": params, "evidence": evidence}

in_full(violation, rule) := object.union(
	{"severity": rule.severity, "where": null, "identity": null, "subject": null},
	with_rule_id(violation, rule),
)

# Worst first, and what nobody could rate last; within a severity in one fixed order.
worst_first(violations) := [place[1] |
	some place in sort([[0 - object.get(severity.rank, violation.severity, -1), violation] |
		some violation in violations
	])
]

with_rule_id(item, rule) := object.union(item, {"code": concat(".", [rule.id, item.code])})

default identity(_) := null

identity(finding) := object.filter(finding.identity, ["scheme", "value", "occurrence"])

default place(_) := null

place(finding) := {"path": finding.path, "line": finding.startLine} if is_string(finding.path)

affected(vulnerability) := label({
	"purl": vulnerability.purl,
	"name": vulnerability["package"],
	"version": vulnerability.version,
})

# The package URL names a component best; without one, its name and version.
label(component) := component.purl if {
	is_string(component.purl)
} else := concat("@", [component.name, component.version]) if {
	is_string(component.version)
} else := object.get(component, "name", "")
