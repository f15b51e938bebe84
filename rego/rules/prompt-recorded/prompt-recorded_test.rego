package assay.rules.prompt_recorded_test

import data.assay.lib.examples_test as examples
import data.assay.rules.prompt_recorded

judged(agent) := answer if {
	answer := prompt_recorded.result with input as examples.asked_of_agent(agent, {})
}

test_made_by_people_is_not_applicable if {
	answer := judged(null)
	not answer.applicable
	answer.violations == []
	answer.gaps == []
}

test_a_digest if {
	answer := judged(examples.header)
	answer.applicable
	answer.violations == []
	answer.gaps == []
}

test_something_else_than_a_digest if {
	every given in ["prompt-7", "sha256:abc", "SHA256:00000000000000000000000000000000000000000000000000000000000000AA"] {
		answer := judged(object.union(examples.header, {"promptHash": given}))
		examples.violations(answer) == {"prompt-recorded.not-a-digest"}
		answer.violations[0].params == {"given": given}
	}
}

test_no_hash_cannot_be_judged if {
	answer := judged(object.remove(examples.header, ["promptHash"]))
	answer.violations == []
	examples.gaps(answer) == {"prompt-recorded.prompt-hash-missing"}
}
