package assay.process.remediation_test

import data.assay.process.remediation

remedy(code, closed) := [answer.remediation, answer.reasonCode] if {
	answer := remediation.decision with input as {
		"code": code,
		"params": {},
		"kind": "story",
		"route": "standard",
		"closed": closed,
		"parameters": {},
	}
	answer.known == answer.reasonCode != "unknown-deviation"
}

test_what_went_wrong_is_done_again if {
	every code in remediation.again { remedy(code, false) == ["rerun", "do-again"] }
}

test_what_was_left_out_reopens_the_story if {
	every code in remediation.left_out { remedy(code, false) == ["reopen-story", "left-out"] }
}

test_what_is_done_is_reopened_first if {
	every code in remediation.again | remediation.left_out { remedy(code, true) == ["reopen-story", "case-is-done"] }
}

test_what_outgrew_its_route_is_cut_into_other_pieces if {
	remedy("route-outgrown", false) == ["re-shard", "too-large-for-route"]
	remedy("route-outgrown", true) == ["re-shard", "too-large-for-route"]
}

test_what_is_not_known_is_looked_at if {
	remedy("something-else", false) == ["reopen-story", "unknown-deviation"]
	answer := remediation.decision with input as {}
	answer.remediation == "reopen-story"
}
