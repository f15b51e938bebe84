# METADATA
# title: Evidence
# description: |-
#   Which documents speak to a question, and which questions stay open. Only COMPLETE evidence can show that
#   something is absent or sufficient; every other state leaves a gap. What was seen, however, was seen: a
#   finding counts whatever the state of the document that carries it.
# schemas:
#   - input: schema["input"]
package assay.lib.evidence

import data.assay.lib.report

# The code of the gap that each state of a document leaves; a state not named here is read as UNKNOWN.
code_of_state := {
	"STALE": "evidence-stale",
	"INCOMPLETE": "evidence-incomplete",
	"ERROR": "evidence-error",
	"NOT_MEASURED": "evidence-not-measured",
	"UNKNOWN": "evidence-unknown",
}

# METADATA
# description: Every code that `gaps` may use; a rule that calls it has a message for each.
gap_codes := {"evidence-missing"} | {code | some code in code_of_state}

# METADATA
# description: What the messages of these codes may quote.
gap_params := {"kind", "reasons"}

# METADATA
# description: All documents that speak to a kind of question (sast, secrets, sbom, coverage).
documents(kind) := [document | some document in input.evidence; kind in document.kinds]

# METADATA
# description: Those that may be judged upon.
complete(kind) := [document | some document in documents(kind); is_complete(document)]

# METADATA
# description: |-
#   What is missing before the question can be answered: any document at all, or one in a state that can be
#   judged upon. One incomplete document among complete ones is a gap too: nobody knows what it would have shown.
gaps(kind) := {report.gap("evidence-missing", {"kind": kind, "reasons": ""}, null)} if {
	count(documents(kind)) == 0
} else := {gap |
	some document in documents(kind)
	not is_complete(document)
	not is_replaced(document)
	gap := report.gap(code_of(document), {"kind": kind, "reasons": reasons(document)}, document.digest)
}

is_complete(document) if document.state == "COMPLETE"

# A later run of the same tool went well (ADR 0025): what this one saw counts, that it did not finish does not.
is_replaced(document) if document.state == "SUPERSEDED"

code_of(document) := object.get(code_of_state, document.state, "evidence-unknown")

# METADATA
# description: The codes of why a document is in its state, as one text.
reasons(document) := concat(", ", [in_words(reason) | some reason in document.reasons])

# Which parts are missing is what somebody has to know.
in_words(reason) := $"{reason.code} ({reason.params.set}: {reason.params.parts} of {reason.params.of})" if {
	reason.params.parts
} else := reason.code

# METADATA
# description: The tools that made a document, as one text.
tools(document) := concat(", ", [tool.name | some tool in document.tools])
