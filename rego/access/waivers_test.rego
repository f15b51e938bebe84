package assay.access.waivers_test

import data.assay.access.questions_test as questions
import data.assay.access.waivers

test_longest_days if {
	waivers.longest_days("critical") == 7 with input as {"parameters": questions.parameters}
	waivers.longest_days("unknown") == 0 with input as {"parameters": questions.parameters}
	waivers.longest_days("critical") == 0 with input as {}
}

test_never_fewer_than_one_approval if {
	waivers.approvals("critical") == 2 with input as {"parameters": questions.parameters}
	waivers.approvals("low") == 1 with input as {"parameters": questions.parameters}
	waivers.approvals("unknown") == 1 with input as {"parameters": questions.parameters}
	waivers.approvals("critical") == 1 with input as {}
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

test_terms if {
	waivers.terms == {
		"severity": "high",
		"durationDays": 14,
		"maxDurationDays": 30,
	} with input as questions.request({}, {})
}
