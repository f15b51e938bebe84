# METADATA
# title: Components
# description: The components that the bills of materials list, each with the digest of its document.
# schemas:
#   - input: schema["input"]
package assay.lib.components

# METADATA
# description: Every component of every document.
all := [component |
	some document in input.evidence
	some listed in document.components
	component := object.union(listed, {"evidence": document.digest})
]
