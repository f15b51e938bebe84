# METADATA
# title: Agents use only models that were admitted
# description: |-
#   The checklist lists the models an agent may use, each with a version ("model@version") or, where every version
#   was admitted, with a star ("model@*"). A header that does not name model and version cannot be judged. An
#   artefact made by people is outside this rule.
# custom:
#   id: model-allow-list
#   severity: high
#   messages:
#     model-allow-list.model-not-allowed: "The model {model} (version {version}) is not on the allow list."
#     model-allow-list.version-not-allowed: "The model {model} is on the allow list, but not in version {version}."
#     model-allow-list.model-not-stated: "An agent made this artefact, but its header does not say which model and version it used."
#   remediation: Make the artefact again with an admitted model, or have the model admitted and listed in the checklist.
#   controls: ["ISO42001:A.10.3", "ISO42001:A.9.2"]
#   parameters: [models_allowed]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.model_allow_list

import data.assay.lib.parameters
import data.assay.lib.report

header := input.artefact.agent

allow_list := parameters.texts("models_allowed")

model := header.modelName if trim_space(header.modelName) != ""

version := header.modelVersion if trim_space(header.modelVersion) != ""

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": header != null,
	"violations": violations,
	"gaps": gaps,
	"facts": {"allowed": count(allow_list)},
})

violations contains report.of_artefact("model-not-allowed", {"model": model, "version": version}) if {
	not any_version_listed
}

violations contains report.of_artefact("version-not-allowed", {"model": model, "version": version}) if {
	any_version_listed
	not this_version_listed
}

gaps contains report.gap("model-not-stated", {}, null) if {
	header != null
	not both_stated
}

both_stated if {
	model
	version
}

any_version_listed if {
	some entry in allow_list
	startswith(entry, concat("", [model, "@"]))
}

this_version_listed if {
	some listed in [version, "*"]
	concat("@", [model, listed]) in allow_list
}
