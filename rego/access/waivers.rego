# METADATA
# title: Limits of waivers
# description: How long a waiver may last and how many must approve it, by the worst severity it may excuse.
package assay.access.waivers

# METADATA
# description: Days; 0 where the table does not name the severity, so that it cannot be waived.
default longest_days(_) := 0

longest_days(severity) := input.parameters.max_waiver_days[severity]

# METADATA
# description: Never fewer than one, whatever the table says.
approvals(severity) := max({1} | {number |
	number := input.parameters.approvals_required[severity]
	is_number(number)
})

# METADATA
# description: Some duration is allowed for the severity at all.
waivable if longest_days(input.waiver.severity) > 0

# METADATA
# description: The waiver lasts no longer than its severity allows.
short_enough if input.waiver.durationDays <= longest_days(input.waiver.severity)

# METADATA
# description: What a message may quote.
terms := {
	"severity": input.waiver.severity,
	"durationDays": input.waiver.durationDays,
	"maxDurationDays": longest_days(input.waiver.severity),
}
