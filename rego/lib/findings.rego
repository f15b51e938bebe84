# METADATA
# title: Findings
# description: |-
#   The findings of all tools, each with the digest of the document it stands in. A finding counts whatever the
#   state of that document; the state says what may have been missed, not that what was seen is untrue.
# schemas:
#   - input: schema["input"]
package assay.lib.findings

# METADATA
# description: |-
#   Findings of a kind (sast, secret) that are in the artefact now. A tool's own suppression does not close a
#   finding: whoever wants it excused asks for a waiver. One that the tool lists as gone since its baseline
#   ("absent") is not open.
open(kind) := [finding |
	some document in input.evidence
	some listed in document.findings
	listed.kind == kind
	not gone(listed)
	finding := object.union(listed, {"evidence": document.digest})
]

gone(finding) if finding.baseline == "absent"
