# METADATA
# title: All checks
# description: What fails the build, in one list.
package assay.checks

import data.assay.checks.messages
import data.assay.checks.metadata
import data.assay.checks.negation
import data.assay.checks.packs

# METADATA
# description: Every problem as {at, check, problem}; empty when all is well.
# entrypoint: true
problems := [object.union(problem, {"check": check}) |
	some check, found in {
		"messages": messages.problems,
		"metadata": metadata.problems,
		"negation": negation.problems,
		"packs": packs.problems,
	}
	some problem in sort(found)
]
