# METADATA
# title: Who may ask for a waiver
# description: |-
#   Whoever may request waivers can ask that something be excused, for a limited time and a stated scope. The
#   worse the severity, the shorter the time and the more approvals it takes; a wide scope and a long time take more,
#   too. A waiver is continued by another one so many times at most. Asking excuses nothing.
# custom:
#   id: waiver-request
#   severity: high
#   messages:
#     ok: "Permitted."
#     question-incomplete: "Denied: the question, or the policy's parameters, lack something needed to answer it."
#     role-lacks-permission: "Denied: none of the principal's roles has this permission."
#     scope-missing: "Denied: a waiver must say what it excuses."
#     severity-not-waivable: "Denied: what is of severity {severity} cannot be waived."
#     duration-invalid: "Denied: a waiver lasts at least one whole day."
#     duration-too-long: "Denied: the waiver would last {durationDays} days, and at most {maxDurationDays} are allowed for severity {severity}."
#     renewed-too-often: "Denied: this waiver has been renewed {renewals} times, and at most {maxRenewals} are allowed for severity {severity}."
#   remediation: Ask for a shorter time or a milder severity, or have somebody ask whose role permits it.
#   controls: ["ISO27001:A.5.3", "SOC2:CC5.1"]
#   parameters:
#     - permissions
#     - max_waiver_days
#     - approvals_required
#     - wide_waiver_approvals
#     - long_waiver_days
#     - long_waiver_approvals
#     - max_waiver_renewals
#     - waiver_review_hours
#     - waiver_review_path
package assay.access.waiver_request

import data.assay.access.roles
import data.assay.access.waivers

# METADATA
# entrypoint: true
decision := {
	"allowed": reason == "ok",
	"reasonCode": reason,
	"params": params,
	"requiredApprovals": required_approvals,
	"maxDurationDays": longest_days,
	"review": waivers.review,
	"needed": roles.needed(wanted),
}

# METADATA
# description: The first of these that holds; without any, the answer is no.
reason := "question-incomplete" if {
	not question_complete
} else := "role-lacks-permission" if {
	not roles.grant("waiver.request")
} else := "scope-missing" if {
	count(input.waiver.selectors) == 0
} else := "severity-not-waivable" if {
	not waivers.waivable
} else := "duration-invalid" if {
	input.waiver.durationDays < 1
} else := "renewed-too-often" if {
	waivers.renewals > waivers.most_renewals
} else := "ok" if {
	waivers.short_enough
} else := "duration-too-long"

default wanted := {}

wanted := roles.permission("waiver.request") if reason == "role-lacks-permission"

default params := {}

params := {
	"severity": input.waiver.severity,
	"durationDays": input.waiver.durationDays,
	"maxDurationDays": longest_days,
	"renewals": waivers.renewals,
	"maxRenewals": waivers.most_renewals,
}

default required_approvals := 1

required_approvals := waivers.approvals(input.waiver)

default longest_days := 0

longest_days := waivers.longest_days(input.waiver.severity)

question_complete if {
	is_string(input.actor.principalId)
	is_string(input.waiver.severity)
	is_number(input.waiver.durationDays)
	is_array(input.waiver.selectors)
}
