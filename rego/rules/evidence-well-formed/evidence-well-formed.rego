# METADATA
# title: The evidence keeps to its format
# description: |-
#   A report that breaks the schema of its own format is still read, and what it says still counts; but its tool
#   is not to be relied on. A file that nobody can recognise says nothing, and that is a gap.
# custom:
#   id: evidence-well-formed
#   severity: low
#   messages:
#     evidence-well-formed.schema-invalid: "The {format} report of {tool} breaks the schema of its format."
#     evidence-well-formed.schema-lenient: "The {format} report of {tool} could be read only with leniency."
#     evidence-well-formed.format-unknown: "A file was submitted whose format nobody recognises: {reasons}."
#   remediation: Update or replace the tool that writes the report, and submit a report that validates.
#   controls: ["ISO27001:A.5.28", "SOC2:CC4.1"]
#   parameters: [lenient_evidence_allowed]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.evidence_well_formed

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

lenient_allowed := parameters.flag("lenient_evidence_allowed")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": count(input.evidence) > 0,
	"violations": violations,
	"gaps": unrecognised,
	"facts": {"documents": count(input.evidence), "lenientAllowed": lenient_allowed},
})

violations contains report.of_document("schema-invalid", document, {
	"format": document.format,
	"tool": evidence.tools(document),
}) if {
	some document in recognised
	not readable(document)
}

readable(document) if document.schema in {"valid", "lenient"}

violations contains report.of_document("schema-lenient", document, {
	"format": document.format,
	"tool": evidence.tools(document),
}) if {
	not lenient_allowed
	some document in recognised
	document.schema == "lenient"
}

unrecognised contains report.gap("format-unknown", {"reasons": evidence.reasons(document)}, document.digest) if {
	some document in input.evidence
	document.format == "unknown"
}

recognised := [document | some document in input.evidence; document.format != "unknown"]
