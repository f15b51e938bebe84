# METADATA
# title: Vulnerabilities
# description: |-
#   The known vulnerabilities that all tools list, each with the digest of the document it stands in. One counts
#   whatever the state of that document; the state says what may have been missed.
# schemas:
#   - input: schema["input"]
package assay.lib.vulnerabilities

# What a tool or a vendor says about one, when that means it need not be repaired.
settled := {"not_affected", "fixed"}

# METADATA
# description: |-
#   Those that affect the artefact now, or may: one under investigation is open, and so is one whose status nobody
#   gives. A tool's own suppression does not close one: whoever wants it excused asks for a waiver.
open := [vulnerability |
	some document in input.evidence
	some listed in object.get(document, "vulnerabilities", [])
	not is_settled(listed)
	vulnerability := object.union(listed, {"evidence": document.digest})
]

is_settled(vulnerability) if vulnerability.status in settled

# METADATA
# description: A version that repairs it is known.
repairable(vulnerability) if count(vulnerability.fixedIn) > 0

# METADATA
# description: |-
#   As far as anybody knows, the artefact does not reach the vulnerable code; only some tools look (govulncheck),
#   and one that does not look says nothing.
unreached(vulnerability) if vulnerability.reach in {"imported", "required"}
