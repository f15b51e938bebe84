# METADATA
# title: Severities
# description: |-
#   critical > high > medium > low > none. "unknown" is not a place on this scale but a value of its own: it is
#   neither above nor below anything, so a policy that meets one must name it.
package assay.lib.severity

rank := {"critical": 4, "high": 3, "medium": 2, "low": 1, "none": 0}

# METADATA
# description: Both are on the scale, and the first is at least as bad as the second.
at_or_above(severity, least) if rank[severity] >= rank[least]

# METADATA
# description: True of every value that is not on the scale.
unknown(severity) if not rank[severity]
