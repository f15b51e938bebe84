package assay.rules.model_allow_list_test

import data.assay.lib.examples_test as examples
import data.assay.rules.model_allow_list

judged(agent, allow_list) := answer if {
	answer := model_allow_list.result with input as examples.asked_of_agent(agent, {"models_allowed": allow_list})
}

test_made_by_people_is_not_applicable if {
	answer := judged(null, [])
	not answer.applicable
	answer.violations == []
	answer.gaps == []
}

test_listed_version if {
	answer := judged(examples.header, ["model-a@2026-01"])
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts == {"allowed": 1}
}

test_every_version_listed if {
	judged(examples.header, ["model-a@*"]).violations == []
}

test_another_model if {
	answer := judged(examples.header, ["model-b@*", "model-a-large@*"])
	examples.violations(answer) == {"model-allow-list.model-not-allowed"}
	answer.violations[0].params == {"model": "model-a", "version": "2026-01"}
}

test_another_version if {
	answer := judged(examples.header, ["model-a@2025-12"])
	examples.violations(answer) == {"model-allow-list.version-not-allowed"}
}

test_nothing_listed_allows_nothing if {
	examples.violations(judged(examples.header, [])) == {"model-allow-list.model-not-allowed"}
}

test_a_header_without_model_or_version_cannot_be_judged if {
	every field in ["modelName", "modelVersion"] {
		answer := judged(object.union(examples.header, {field: ""}), ["model-a@*"])
		answer.violations == []
		examples.gaps(answer) == {"model-allow-list.model-not-stated"}
	}
}

test_no_answer_without_its_parameter if {
	not model_allow_list.result with input as examples.asked_of_agent(examples.header, {})
}
