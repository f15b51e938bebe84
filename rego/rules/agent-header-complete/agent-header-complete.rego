# METADATA
# title: What an agent made says which agent made it, and how
# description: |-
#   When an agent made the artefact, its header names the agent, the model and its version, the temperature, the
#   preset and the hash of the prompt. An artefact made by people has no such header, and the rule does not apply.
# custom:
#   id: agent-header-complete
#   severity: high
#   messages:
#     agent-header-complete.field-missing: "An agent made this artefact, but its header does not say the {field}."
#   remediation: Register the artefact again with all six fields of the agent header, as the agent's run recorded them.
#   controls: ["ISO42001:A.6.2.8"]
#   parameters: []
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.agent_header_complete

import data.assay.lib.report

header := input.artefact.agent

demanded := {"agentId", "modelName", "modelVersion", "temperature", "presetId", "promptHash"}

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": header != null,
	"violations": violations,
	"gaps": set(),
	"facts": {"demanded": count(demanded), "missing": count(violations)},
})

violations contains report.of_artefact("field-missing", {"field": field}) if {
	header != null
	some field in demanded
	not stated(field)
}

stated(field) if trim_space(header[field]) != ""
