# METADATA
# title: Limits of waivers
# description: |-
#   How long a waiver may last, how often it may be renewed and how many must approve it: by the worst severity it may
#   excuse, by how wide its scope is and how long it lasts. A gate may set narrower limits than the organisation.
package assay.access.waivers

# METADATA
# description: Days; 0 where the table does not name the severity, so that it cannot be waived. A gate never allows more.
default longest_days(_) := 0

longest_days(severity) := min({input.parameters.max_waiver_days[severity]} | gate_days(severity))

# METADATA
# description: |-
#   Most days that any role may grant at the gate in question, where the gate says who may waive what; 0 where it says
#   so and names nobody for this severity.
gate_days(severity) := {max({0} | {right.maxDays | some right in gate_rights; covers(right.severity, severity)})} if {
	count(gate_rights) > 0
} else := set()

# METADATA
# description: What the gate that the scope names says of who may waive what; empty where it leaves that to the policy.
default gate_rights := []

gate_rights := input.gate.waiverRights

rank := {"none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}

# METADATA
# description: Whoever may waive something may waive what is milder; what nobody rated, only who may waive the worst.
covers(right, severity) if rank[severity] <= rank[right]

covers(right, "unknown") if right in {"critical", "unknown"}

# METADATA
# description: Never fewer than one, whatever the tables say. The most that severity, scope or duration asks for.
approvals(waiver) := max((({1} | by_severity(waiver)) | (by_scope(waiver) | by_length(waiver))))

by_severity(waiver) := {number |
	number := input.parameters.approvals_required[waiver.severity]
	is_number(number)
}

by_scope(waiver) := {number |
	wide(waiver.selectors)
	number := input.parameters.wide_waiver_approvals
	is_number(number)
}

by_length(waiver) := {number |
	waiver.durationDays >= input.parameters.long_waiver_days
	number := input.parameters.long_waiver_approvals
	is_number(number)
}

# METADATA
# description: The scope names nothing that stands in one place, so that it excuses what nobody has seen yet.
wide(selectors) if {
	kinds := {selector.type | some selector in selectors}
	count(kinds & {"finding", "artefact", "component", "path"}) == 0
}

# METADATA
# description: Some duration is allowed for the severity at all.
waivable if longest_days(input.waiver.severity) > 0

# METADATA
# description: The waiver lasts no longer than its severity allows.
short_enough if input.waiver.durationDays <= longest_days(input.waiver.severity)

# METADATA
# description: How often waivers of this severity may be continued; 0 where the table does not name it.
default most_renewals := 0

most_renewals := input.parameters.max_waiver_renewals[input.waiver.severity]

# METADATA
# description: How many waivers this one continues, one after the other; none where the question does not say.
default renewals := 0

renewals := input.waiver.renewals

# METADATA
# description: Who is to look at a request, one after the other, and how many hours each has; null where nobody is named.
review := {"hours": hours, "path": path} if {
	path := input.parameters.waiver_review_path[input.waiver.severity]
	count(path) > 0
	hours := input.parameters.waiver_review_hours[input.waiver.severity]
	hours > 0
} else := null
