package assay.rules.agent_header_complete_test

import data.assay.lib.examples_test as examples
import data.assay.rules.agent_header_complete

judged(agent) := answer if {
	answer := agent_header_complete.result with input as examples.asked_of_agent(agent, {})
}

test_made_by_people_is_not_applicable if {
	answer := judged(null)
	not answer.applicable
	answer.violations == []
	answer.gaps == []
}

test_complete if {
	answer := judged(examples.header)
	answer.applicable
	answer.violations == []
	answer.facts == {"demanded": 6, "missing": 0}
}

test_each_field_is_demanded if {
	every field in ["agentId", "modelName", "modelVersion", "temperature", "presetId", "promptHash"] {
		missing(judged(object.remove(examples.header, [field]))) == {field}
		missing(judged(object.union(examples.header, {field: "  "}))) == {field}
		missing(judged(object.union(examples.header, {field: null}))) == {field}
	}
}

missing(answer) := {violation.params.field |
	some violation in answer.violations
	violation.code == "agent-header-complete.field-missing"
}

test_an_empty_header_lacks_everything if {
	count(judged({}).violations) == 6
}

test_the_artefact_is_its_own_evidence if {
	{violation.evidence | some violation in judged({}).violations} == {examples.artefact_digest}
}

test_no_answer_when_nobody_says_who_made_it if {
	asked := examples.asked([], {})
	artefact := object.remove(asked.artefact, ["agent"])
	unsaid := object.union(object.remove(asked, ["artefact"]), {"artefact": artefact})
	not agent_header_complete.result with input as unsaid
}
