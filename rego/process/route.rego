# METADATA
# title: Which route a case may take
# description: |-
#   Small work need not go through everything: one story of few hours, or a feature of few stories, takes a faster
#   route, on which compensating controls stand in for heavy artefacts. Nobody chooses a fast route: it follows from
#   the hours and the stories, so it ends when they grow. What nobody estimated is not small.
# custom:
#   id: route
#   severity: medium
#   messages:
#     single-story: "One story of {hours} hours, less than {maxHours}: the single-story route."
#     small-feature: "{stories} stories, at most {maxStories}: the small-feature route."
#     too-large: "Too large for a faster route: {stories} stories, at most {maxStories}; {hours} hours, less than {maxHours}."
#     not-estimated: "Nobody estimated the hours, so the case counts as large."
#     no-stories: "The feature has no stories yet, so nobody knows how large it is."
#     kind-without-route: "Only stories and features take a faster route."
#     case-incomplete: "The question, or the policy's parameters, lack something needed to answer it."
#   remediation: Estimate the story, or split it until it fits the route.
#   controls: ["ISO27001:A.8.25", "SOC2:CC8.1"]
#   parameters: [single_story_max_hours, small_feature_max_stories]
package assay.process.route

# METADATA
# entrypoint: true
decision := {
	"route": route,
	"fast": route != "standard",
	"reasonCode": reason,
	"params": params,
}

default route := "standard"

route := reason if reason in {"single-story", "small-feature"}

# METADATA
# description: The first of these that holds; without any fast one, the route is the whole process.
reason := "case-incomplete" if {
	not question_complete
} else := "kind-without-route" if {
	not takes_routes
} else := "single-story" if {
	input.kind == "story"
	input.hours > 0
	input.hours < max_hours
} else := "small-feature" if {
	count(input.stories) > 0
	count(input.stories) <= max_stories
	every story in input.stories { story.hours > 0 }
} else := "no-stories" if {
	input.kind == "feature"
	count(input.stories) == 0
} else := "not-estimated" if {
	some story in input.stories
	story.hours == null
} else := "not-estimated" if {
	input.kind == "story"
	input.hours == null
} else := "too-large"

takes_routes if input.kind in {"feature", "story"}

max_hours := input.parameters.single_story_max_hours

max_stories := input.parameters.small_feature_max_stories

default params := {}

params := {
	"hours": input.hours,
	"maxHours": max_hours,
	"stories": count(input.stories),
	"maxStories": max_stories,
} if {
	question_complete
}

# Without one of these a comparison above would be undefined, and what is undefined must not be fast.
question_complete if {
	is_string(input.kind)
	is_hours(input.hours)
	is_array(input.stories)
	every story in input.stories { is_hours(story.hours) }
	is_number(max_hours)
	is_number(max_stories)
}

is_hours(hours) if hours == null

is_hours(hours) if is_number(hours)
