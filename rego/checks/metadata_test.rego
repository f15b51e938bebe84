package assay.checks.metadata_test

import data.assay.checks.examples_test as examples
import data.assay.checks.metadata

without(field) := object.remove(examples.rule_metadata, [field])

changed(changes) := object.union(object.remove(examples.rule_metadata, object.keys(changes)), changes)

found(custom) := texts if {
	problems := metadata.problems with input as examples.with_rule(custom, examples.rule_rules)
	texts := examples.texts(problems)
}

test_sound if {
	metadata.problems == set() with input as examples.sound
}

test_every_module_says_what_it_is if {
	mute := {"file": "rego/lib/mute.rego", "module": {"package": examples.library_entry.module.package, "rules": []}}
	problems := metadata.problems with input as examples.with_module(mute)
	examples.texts(problems) == {
		"METADATA has no title",
		"METADATA has no description",
		"there is no rego/lib/mute_test.rego",
	}
}

test_fields_of_a_rule if {
	"METADATA has no custom.id" in found(without("id"))
	found(without("remediation")) == {"METADATA has no custom.remediation"}
	found(changed({"remediation": " "})) == {"METADATA has no custom.remediation"}
	found(without("severity")) == {"custom.severity is not a severity of the scale"}
	found(changed({"severity": "terrible"})) == {"custom.severity is not a severity of the scale"}
	found(without("controls")) == {"custom.controls names no control"}
	found(changed({"controls": []})) == {"custom.controls names no control"}
	found(without("messages")) == {"custom.messages has no message"}
	found(changed({"messages": {}})) == {"custom.messages has no message"}
	found(without("parameters")) == {"custom.parameters is not a list of the parameters read"}
}

test_parameters_are_those_that_are_read if {
	found(changed({"parameters": ["my_floor"]})) == {"custom.parameters is not a list of the parameters read"}
	found(changed({"parameters": ["my_floor", "my_other", "third"]})) == {"custom.parameters is not a list of the parameters read"}
}

test_the_id_is_in_kebab_case_and_names_folder_and_package if {
	found(changed({"id": "My_Rule"})) == {
		"the id My_Rule is not in kebab-case",
		"rule My_Rule belongs in rego/rules/My_Rule/My_Rule.rego",
		"the package of My_Rule is not called assay.rules.My_Rule",
	}
	found(changed({"id": "your-rule"})) == {
		"rule your-rule belongs in rego/rules/your-rule/your-rule.rego",
		"the package of your-rule is not called assay.rules.your_rule",
	}
}

test_decisions_have_their_place_too if {
	custom := object.union(examples.decision_metadata, {"id": "may-leave"})
	problems := metadata.problems with input as examples.with_decision(custom, examples.decision_rules)
	examples.texts(problems) == {
		"decision may-leave belongs in rego/access/may_leave.rego",
		"the package of may-leave is not called assay.access.may_leave",
	}
}

test_an_id_is_used_once if {
	twin := examples.rule_entry(examples.rule_metadata, examples.rule_rules)
	problems := metadata.problems with input as examples.with_module(twin)
	examples.texts(problems) == {"the id my-rule is used more than once"}
}

test_the_entrypoint_is_there_and_marked if {
	absent := array.slice(examples.rule_rules, 0, 2)
	problems := metadata.problems with input as examples.with_rule(examples.rule_metadata, absent)
	examples.texts(problems) == {"result is not there, or not marked as an entrypoint"}
	unmarked := array.concat(absent, [examples.head("result", examples.keyed([]))])
	others := metadata.problems with input as examples.with_rule(examples.rule_metadata, unmarked)
	examples.texts(others) == {"result is not there, or not marked as an entrypoint"}
}

test_every_module_has_its_test if {
	problems := metadata.problems with input as object.union(examples.sound, {"tests": []})
	count(problems) == 3
}
