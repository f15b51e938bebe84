# METADATA
# title: No component is bound to a licence that is on the deny list
# description: |-
#   No component of any bill of materials may force a denied licence upon its users: where it offers a choice,
#   one choice without a denied licence is enough; where licences hold together, none may be denied. A licence
#   that nobody understands may be anything, so it fails as well. An empty list asks nothing.
# custom:
#   id: licence-deny-list
#   severity: high
#   messages:
#     licence-deny-list.denied: "{component} is under {licence}, which is on the deny list."
#     licence-deny-list.licence-unknown: "The licence of {component} cannot be understood, so nobody knows whether it is denied: {licence}."
#     licence-deny-list.evidence-missing: "There is no {kind} evidence, so nobody knows which components are in the artefact."
#     licence-deny-list.evidence-stale: "The {kind} evidence is older than the checklist allows."
#     licence-deny-list.evidence-incomplete: "The bill of materials is not complete: {reasons}."
#     licence-deny-list.evidence-error: "No bill of materials was made, or it cannot be read: {reasons}."
#     licence-deny-list.evidence-not-measured: "The bill of materials covers nothing: {reasons}."
#     licence-deny-list.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Replace the component, choose a version under another licence, correct the bill of materials, or ask for a waiver for the component.
#   controls: ["ISO27001:A.5.32", "ISO5230:3.3.2", "NIST-SSDF:PW.4.1"]
#   parameters: [licences_denied]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.licence_deny_list

import data.assay.lib.components
import data.assay.lib.evidence
import data.assay.lib.licence
import data.assay.lib.parameters
import data.assay.lib.report

deny_list := licence.list(parameters.texts("licences_denied"))

asks := count(deny_list.written) > 0

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": asks,
	"violations": violations,
	"gaps": gaps,
	"facts": {"denied": count(deny_list.written), "components": count(components.all), "refused": count(violations)},
})

gaps contains gap if {
	asks
	some gap in evidence.gaps("sbom")
}

violations contains report.of_component("denied", component, {"licence": licence.label(component.licence)}) if {
	asks
	some component in components.all
	licence.denied(component.licence, deny_list)
}

violations contains report.of_component("licence-unknown", component, {"licence": licence.label(component.licence)}) if {
	asks
	some component in components.all
	not understood(component)
}

understood(component) if component.licence.state == "OK"
