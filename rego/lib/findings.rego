# METADATA
# title: Findings
# description: |-
#   The findings of all tools, each with the digest of the document it stands in. A finding counts whatever the
#   state of that document; the state says what may have been missed, not that what was seen is untrue.
# schemas:
#   - input: schema["input"]
package assay.lib.findings

import data.assay.lib.severity

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

# METADATA
# description: |-
#   How many open findings of a kind there are, exactly. Count with this and not with `open`: of a large set a
#   rule is given only the findings that its METADATA names (custom.findings), but always all the numbers.
total(kind) := sum([row.count | some row in counted(kind)])

# METADATA
# description: The same, of those whose severity nobody knows.
total_unrated(kind) := sum([row.count | some row in counted(kind); severity.unknown(row.severity)])

counted(kind) := [row |
	some document in input.evidence
	some row in document.aggregates
	row.kind == kind
	not gone(row)
]

gone(finding) if finding.baseline == "absent"
