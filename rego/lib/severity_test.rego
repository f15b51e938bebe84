package assay.lib.severity_test

import data.assay.lib.severity

test_the_scale if {
	severity.at_or_above("critical", "high")
	severity.at_or_above("high", "high")
	not severity.at_or_above("medium", "high")
	severity.at_or_above("none", "none")
	not severity.at_or_above("none", "low")
}

test_unknown_is_on_no_side if {
	not severity.at_or_above("unknown", "none")
	not severity.at_or_above("critical", "unknown")
}

test_unknown_is_whatever_is_not_on_the_scale if {
	severity.unknown("unknown")
	severity.unknown("HIGH")
	not severity.unknown("none")
}
