# METADATA
# title: People vouch for what no tool can show
# description: |-
#   Each item that the checklist names must be answered by a person with yes, or as not applicable where the
#   checklist lets that stand. An item nobody answered is a gap; one answered with no is a violation, also when
#   somebody else said yes.
# custom:
#   id: attested-items
#   severity: medium
#   messages:
#     attested-items.answered-no: "{item} of {checklist} is answered with no. {note}"
#     attested-items.answered-not-applicable: "{item} of {checklist} is answered as not applicable, which the checklist does not let stand. {note}"
#     attested-items.item-open: "Nobody has answered {item} of {checklist}."
#     attested-items.evidence-missing: "There is no {kind} evidence, so nobody knows what people vouch for."
#     attested-items.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     attested-items.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     attested-items.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     attested-items.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     attested-items.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Do what the item asks, then have somebody vouch for it who has seen it.
#   controls: ["SOC2:CC8.1", "ISO27001:A.5.37"]
#   parameters: [attested_items, attested_not_applicable_allowed]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.attested_items

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report

demanded := parameters.text_lists("attested_items")

not_applicable_allowed := parameters.flag("attested_not_applicable_allowed")

asks := count(demanded) > 0

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": asks,
	"violations": violations,
	"gaps": gaps,
	"facts": {"demanded": count(items), "open": count(open), "notApplicableAllowed": not_applicable_allowed},
})

items := {[checklist, item] | some checklist, listed in demanded; some item in listed}

answers := [answer |
	some document in evidence.complete("attestation")
	some attestation in document.attestations
	answer := object.union(attestation, {"document": document})
]

open := {item | some item in items; not answered(item)}

answered(item) if {
	some answer in answers
	[answer.checklistId, answer.itemId] == item
}

gaps contains gap if {
	asks
	some gap in evidence.gaps("attestation")
}

gaps contains report.gap("item-open", {"checklist": item[0], "item": item[1]}, null) if some item in open

violations contains violation if {
	some answer in answers
	answer.answer == "no"
	[answer.checklistId, answer.itemId] in items
	violation := report.of_subject("answered-no", answer.document, name(answer), {
		"checklist": answer.checklistId,
		"item": answer.itemId,
		"note": note(answer),
	})
}

violations contains violation if {
	not not_applicable_allowed
	some answer in answers
	answer.answer == "not-applicable"
	[answer.checklistId, answer.itemId] in items
	violation := report.of_subject("answered-not-applicable", answer.document, name(answer), {
		"checklist": answer.checklistId,
		"item": answer.itemId,
		"note": note(answer),
	})
}

name(answer) := concat("/", [answer.checklistId, answer.itemId])

note(answer) := answer.note if {
	is_string(answer.note)
} else := ""
