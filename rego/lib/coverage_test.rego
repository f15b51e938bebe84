package assay.lib.coverage_test

import data.assay.lib.coverage

test_whole_numbers_decide if {
	coverage.reaches({"coverage": {"covered": 80, "total": 100}}, 8000)
	not coverage.reaches({"coverage": {"covered": 79, "total": 100}}, 8000)
}

test_no_rounding_up_to_the_floor if {
	not coverage.reaches({"coverage": {"covered": 79999, "total": 100000}}, 8000)
	coverage.percent({"coverage": {"covered": 79999, "total": 100000}}) == 79.99
}

test_floor_of_two_decimals if {
	coverage.reaches({"coverage": {"covered": 7999, "total": 10000}}, 7999)
	not coverage.reaches({"coverage": {"covered": 7998, "total": 10000}}, 7999)
}

test_large_counts_stay_exact if {
	coverage.reaches({"coverage": {"covered": 80000000001, "total": 100000000001}}, 8000)
	not coverage.reaches({"coverage": {"covered": 80000000000, "total": 100000000001}}, 8000)
}

test_nothing_of_nothing_is_not_measured if {
	not coverage.measured({"coverage": {"covered": 0, "total": 0}})
	not coverage.reaches({"coverage": {"covered": 0, "total": 0}}, 0)
	not coverage.percent({"coverage": {"covered": 0, "total": 0}})
	not coverage.measured({"coverage": null})
	not coverage.measured({"coverage": {"total": 5}})
}

test_a_floor_of_zero_is_reached_by_anything_measured if {
	coverage.reaches({"coverage": {"covered": 0, "total": 1}}, 0)
}

test_percent_for_people if {
	coverage.percent({"coverage": {"covered": 9, "total": 14}}) == 64.28
	coverage.percent({"coverage": {"covered": 7, "total": 7}}) == 100
}
