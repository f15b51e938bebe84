# METADATA
# title: Somebody trusted signed a statement about this artefact
# description: |-
#   At least one statement of each type the checklist names is about exactly this artefact, by digest, and signed
#   by a key that the installation trusts; where the checklist names keys, by one of those. A verification summary
#   among them that says FAILED is a violation.
# custom:
#   id: provenance-verified
#   severity: high
#   messages:
#     provenance-verified.summary-failed: "{verifier} verified the artefact and says FAILED."
#     provenance-verified.statement-missing: "There is no statement of type {type} about this artefact that a trusted key signed."
#     provenance-verified.evidence-missing: "There is no {kind} evidence, so nobody knows where the artefact comes from."
#     provenance-verified.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     provenance-verified.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     provenance-verified.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     provenance-verified.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     provenance-verified.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Have the system that built or verified the artefact sign a statement about this digest, and submit it.
#   controls: ["SLSA:verify", "NIST-SSDF:PS.3.2", "NIST-SSDF:PO.3.3"]
#   parameters: [provenance_types, provenance_keys]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.provenance_verified

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

types := parameters.texts("provenance_types")

keys := parameters.texts("provenance_keys")

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": count(types) > 0,
	"violations": violations,
	"gaps": gaps,
	"facts": {"types": count(types), "keys": count(keys), "statements": count(about_it)},
})

# Matched purely by digest: a name is anybody's.
about_it := [found |
	some document in evidence.complete("provenance")
	some statement in document.statements
	statement.signature == "verified"
	by_admitted_key(statement)
	input.artefact.digest in {subject.digest | some subject in statement.subjects}
	found := object.union(statement, {"document": document})
]

by_admitted_key(_) if count(keys) == 0

by_admitted_key(statement) if {
	some key in statement.signedBy
	key in keys
}

gaps contains gap if {
	count(types) > 0
	some gap in evidence.gaps("provenance")
}

gaps contains report.gap("statement-missing", {"type": type}, null) if {
	some type in types
	not stated(type)
}

stated(type) if type in {statement.predicateType | some statement in about_it}

violations contains report.of_document("summary-failed", statement.document, {"verifier": statement.summary.verifier}) if {
	some statement in about_it
	statement.predicateType in types
	statement.summary.result == "FAILED"
}
