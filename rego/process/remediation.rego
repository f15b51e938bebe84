# METADATA
# title: What is to be done about a step that broke its template
# description: |-
#   Each deviation has one remedy: do the activity again, cut the work into other pieces, or reopen the story. A case
#   that is done is always reopened first. What this policy does not know is reopened too: somebody must look.
# custom:
#   id: remediation
#   severity: medium
#   messages:
#     do-again: "The activity is done again, in its place and by whoever may."
#     too-large-for-route: "The case has outgrown its route: it is cut into other pieces."
#     case-is-done: "The case is done: it is reopened, so that what is missing can be done."
#     left-out: "An activity was left out: the story is reopened for it."
#     unknown-deviation: "The policy does not know this deviation: the story is reopened, so that somebody looks."
#   remediation: Do what the fix task says, then close it.
#   controls: ["ISO27001:A.5.37", "SOC2:CC8.1"]
#   parameters: []
package assay.process.remediation

# METADATA
# entrypoint: true
decision := {
	"remediation": remedy_of[reason],
	"known": reason != "unknown-deviation",
	"reasonCode": reason,
}

remedy_of := {
	"do-again": "rerun",
	"too-large-for-route": "re-shard",
	"case-is-done": "reopen-story",
	"left-out": "reopen-story",
	"unknown-deviation": "reopen-story",
}

again := {
	"wrong-order",
	"missing-artefact",
	"missing-gate",
	"failed-gate",
	"drifted-checklist",
	"wrong-role",
	"role-not-held",
	"not-started",
	"not-finished",
	"route-unknown",
}

left_out := {"activity-missing", "skipped-without-control", "not-in-template"}

# METADATA
# description: The first of these that holds.
reason := "unknown-deviation" if {
	not known
} else := "too-large-for-route" if {
	input.code == "route-outgrown"
} else := "case-is-done" if {
	input.closed == true
} else := "left-out" if {
	input.code in left_out
} else := "do-again"

known if input.code in ((again | left_out) | {"route-outgrown"})
