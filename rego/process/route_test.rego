package assay.process.route_test

import data.assay.process.route

parameters := {"single_story_max_hours": 4, "small_feature_max_stories": 3}

asked(kind, hours, stories) := {
	"kind": kind,
	"hours": hours,
	"stories": [{"hours": each} | some each in stories],
	"parameters": parameters,
}

decided(question) := answer if {
	decision := route.decision with input as question
	answer := [decision.route, decision.reasonCode]
	decision.fast == decision.route != "standard"
}

test_one_story_of_few_hours if {
	decided(asked("story", 3.75, [3.75])) == ["single-story", "single-story"]
	decided(asked("story", 1, [])) == ["single-story", "single-story"]
	decided(asked("story", 1, [1, 20, 20, 20, 20])) == ["single-story", "single-story"]
}

test_four_hours_are_not_less_than_four if {
	decided(asked("story", 4, [])) == ["standard", "too-large"]
	decided(asked("story", 4, [4, 4, 4, 4])) == ["standard", "too-large"]
}

test_few_stories if {
	decided(asked("feature", null, [8])) == ["small-feature", "small-feature"]
	decided(asked("feature", 30, [8, 8, 8])) == ["small-feature", "small-feature"]
	decided(asked("story", 8, [8, 8])) == ["small-feature", "small-feature"]
}

test_four_stories_are_not_few if {
	decided(asked("feature", null, [1, 1, 1, 1])) == ["standard", "too-large"]
}

test_what_nobody_estimated_is_not_small if {
	decided(asked("story", null, [])) == ["standard", "not-estimated"]
	decided(asked("feature", null, [1, null])) == ["standard", "not-estimated"]
	decided(asked("feature", null, [])) == ["standard", "no-stories"]
}

test_nothing_is_no_duration if {
	decided(asked("story", 0, [])) == ["standard", "too-large"]
	decided(asked("feature", null, [0])) == ["standard", "too-large"]
}

test_other_kinds_take_the_whole_process if {
	decided(asked("project", 1, [])) == ["standard", "kind-without-route"]
	decided(asked("fix", 1, [])) == ["standard", "kind-without-route"]
}

test_thresholds_are_the_organisations if {
	wider := {"single_story_max_hours": 8, "small_feature_max_stories": 5}
	decided(object.union(asked("story", 6, []), {"parameters": wider})) == ["single-story", "single-story"]
	decided(object.union(asked("feature", null, [9, 9, 9, 9]), {"parameters": wider})) == ["small-feature", "small-feature"]
}

test_nothing_is_fast_without_an_answer if {
	every name in ["kind", "hours", "stories", "parameters"] {
		decided(object.remove(asked("story", 1, [1]), [name])) == ["standard", "case-incomplete"]
	}
	every name, _ in parameters {
		question := object.union(
			object.remove(asked("story", 1, [1]), ["parameters"]),
			{"parameters": object.remove(parameters, [name])},
		)
		decided(question) == ["standard", "case-incomplete"]
	}
	decided(asked("story", "1", [])) == ["standard", "case-incomplete"]
	decided(asked("story", 9, ["1"])) == ["standard", "case-incomplete"]
}

test_says_what_it_was_told if {
	decision := route.decision with input as asked("story", 3, [3, 9])
	decision.params == {"hours": 3, "maxHours": 4, "stories": 2, "maxStories": 3}
	nothing := route.decision with input as {}
	nothing.params == {}
}
