# METADATA
# title: Every component has a licence that is on the allow list
# description: |-
#   Each component of each bill of materials must be usable under licences that the checklist lists. Where a
#   component offers a choice, one acceptable choice is enough; where licences hold together, all must be
#   allowed. Version ranges count: GPL-2.0-or-later is usable under a listed GPL-3.0-only. A licence that is
#   unknown, absent or not asserted is not on the list and is reported as what it is, so that somebody finds out
#   or asks for a waiver for that component.
# custom:
#   id: licence-allow-list
#   severity: high
#   messages:
#     licence-allow-list.not-allowed: "{component} is under {licence}, which is not on the allow list."
#     licence-allow-list.licence-none: "{component} says that it has no licence, so nobody may use it."
#     licence-allow-list.licence-not-asserted: "{component} makes no statement about its licence."
#     licence-allow-list.licence-unknown: "The licence of {component} cannot be understood: {licence}."
#     licence-allow-list.evidence-missing: "There is no {kind} evidence, so nobody knows which components are in the artefact."
#     licence-allow-list.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     licence-allow-list.evidence-incomplete: "The bill of materials is not complete: {reasons}."
#     licence-allow-list.evidence-error: "No bill of materials was made, or it cannot be read: {reasons}."
#     licence-allow-list.evidence-not-measured: "The bill of materials covers nothing: {reasons}."
#     licence-allow-list.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Replace the component, choose a version under an allowed licence, correct the bill of materials, or ask for a waiver for the component.
#   controls: ["ISO27001:A.5.32", "ISO5230:3.3.2", "NIST-SSDF:PW.4.1"]
#   parameters: [licences_allowed]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.licence_allow_list

import data.assay.lib.components
import data.assay.lib.evidence
import data.assay.lib.licence
import data.assay.lib.parameters
import data.assay.lib.report

allow_list := licence.list(parameters.texts("licences_allowed"))

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": true,
	"violations": violations,
	"gaps": evidence.gaps("sbom"),
	"facts": {"allowed": count(allow_list.written), "components": count(components.all), "refused": count(violations)},
})

violations contains report.of_component("not-allowed", component, {"licence": licence.label(component.licence)}) if {
	some component in components.all
	component.licence.state == "OK"
	not acceptable(component)
}

acceptable(component) if licence.allowed(component.licence, allow_list)

violations contains report.of_component("licence-none", component, {}) if {
	some component in components.all
	component.licence.state == "NONE"
}

violations contains report.of_component("licence-not-asserted", component, {}) if {
	some component in components.all
	component.licence.state == "NOASSERTION"
}

violations contains report.of_component("licence-unknown", component, {"licence": licence.label(component.licence)}) if {
	some component in components.all
	not understood(component)
}

understood(component) if component.licence.state in {"OK", "NONE", "NOASSERTION"}
