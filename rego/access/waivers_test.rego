package assay.access.waivers_test

import data.assay.access.questions_test as questions
import data.assay.access.waivers

narrow := [{"type": "rule"}, {"type": "finding"}]

wide := [{"type": "rule"}, {"type": "gate"}]

approvals(severity, days, selectors) := number if {
	waiver := {"severity": severity, "durationDays": days, "selectors": selectors}
	number := waivers.approvals(waiver) with input as {"parameters": questions.parameters}
}

at_gate(rights) := {"parameters": questions.parameters, "gate": {"waiverRights": rights}}

test_longest_days if {
	waivers.longest_days("critical") == 7 with input as {"parameters": questions.parameters}
	waivers.longest_days("unknown") == 0 with input as {"parameters": questions.parameters}
	waivers.longest_days("critical") == 0 with input as {}
}

test_a_gate_allows_less_and_never_more if {
	rights := [{"role": "SEC", "severity": "high", "maxDays": 10}, {"role": "PM", "severity": "low", "maxDays": 5000}]
	waivers.longest_days("high") == 10 with input as at_gate(rights)
	waivers.longest_days("low") == 30 with input as at_gate(rights)
	waivers.longest_days("critical") == 0 with input as at_gate(rights)
	waivers.longest_days("critical") == 7 with input as at_gate([])
}

test_who_may_waive_the_worst_may_waive_what_nobody_rated if {
	waivers.covers("critical", "unknown")
	waivers.covers("unknown", "unknown")
	waivers.covers("high", "medium")
	not waivers.covers("high", "unknown")
	not waivers.covers("medium", "high")
	not waivers.covers("unknown", "low")
}

test_never_fewer_than_one_approval if {
	approvals("critical", 1, narrow) == 2
	approvals("low", 1, narrow) == 1
	approvals("unknown", 1, narrow) == 1
	waivers.approvals({"severity": "critical", "durationDays": 1, "selectors": wide}) == 1 with input as {}
}

test_a_wide_scope_and_a_long_time_take_more_approvals if {
	approvals("high", 1, wide) == 2
	approvals("high", 20, narrow) == 2
	approvals("high", 19, narrow) == 1
	approvals("high", 1, [{"type": "rule"}, {"type": "artefact-pattern"}]) == 2
	approvals("high", 1, [{"type": "rule"}, {"type": "component"}]) == 1
	approvals("high", 1, [{"type": "rule"}, {"type": "path"}]) == 1
	approvals("high", 1, [{"type": "rule"}, {"type": "artefact"}]) == 1
}

test_waivable if {
	waivers.waivable with input as questions.request({}, {})
	not waivers.waivable with input as questions.request({}, {"severity": "none"})
	not waivers.waivable with input as questions.request({}, {"severity": "unknown"})
}

test_short_enough if {
	waivers.short_enough with input as questions.request({}, {"durationDays": 30})
	not waivers.short_enough with input as questions.request({}, {"durationDays": 31})
}

test_renewals if {
	waivers.most_renewals == 2 with input as questions.request({}, {})
	waivers.most_renewals == 0 with input as questions.request({}, {"severity": "critical"})
	waivers.renewals == 0 with input as questions.request({}, {})
	waivers.renewals == 3 with input as questions.request({}, {"renewals": 3})
}

test_review if {
	waivers.review == {"hours": 24, "path": ["SEC", "PM"]} with input as questions.request({}, {})
	waivers.review == null with input as questions.request({}, {"severity": "low"})
	waivers.review == null with input as questions.request({}, {"severity": "critical"})
}
