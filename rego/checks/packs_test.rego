package assay.checks.packs_test

import data.assay.checks.examples_test as examples
import data.assay.checks.packs

found(pack) := texts if {
	problems := packs.problems with input as examples.with_pack(pack)
	texts := examples.texts(problems)
}

parameters(changes) := examples.pack_with({"parameters": object.union(examples.rule_pack.policy.parameters, changes)})

test_sound if {
	packs.problems == set() with input as examples.sound
}

test_the_id_is_the_folder if {
	found(examples.pack_with({"id": "your-pack"})) == {"the id is not my-pack"}
}

test_titles_in_both_languages if {
	found(examples.pack_with({"title": {"en": "Mine"}})) == {"title has no text in nl"}
	found(examples.pack_with({"description": {"nl": "Mijn", "en": " "}})) == {"description has no text in en"}
}

test_rules_exist_and_have_an_effect if {
	mine := {"id": "my-rule", "effect": "block"}
	"there is no rule no-rule" in found(examples.pack_with({"rules": [mine, {"id": "no-rule", "effect": "warn"}]}))
	found(examples.pack_with({"rules": [{"id": "my-rule", "effect": "shout"}]})) == {"my-rule has no effect of block, warn or off"}
	found(examples.pack_with({"rules": [{"id": "my-rule"}]})) == {"my-rule has no effect of block, warn or off"}
}

test_entrypoints_are_decisions if {
	doors := object.union(examples.access_pack, {"policy": {"entrypoints": ["assay/access/may_fly/decision"]}})
	problems := packs.problems with input as object.union(examples.sound, {"packs": [examples.rule_pack, doors]})
	examples.texts(problems) == {
		"nothing answers at assay/access/may_fly/decision",
		"nothing reads the parameter doors",
		"no pack uses this",
	}
}

test_parameters_are_declared if {
	found(examples.pack_with({"parameters": object.remove(examples.rule_pack.policy.parameters, ["my_floor"])})) == {"my-rule reads my_floor, which is not declared"}
}

test_parameters_are_read if {
	third := {"third": {"type": "boolean", "default": true, "description": "Unused."}}
	found(parameters(third)) == {"nothing reads the parameter third"}
}

test_parameters_are_described_and_have_a_default_of_their_type if {
	found(parameters({"my_floor": {"description": ""}})) == {"the parameter my_floor has no description"}
	found(parameters({"my_floor": {"default": 3}})) == {"the default of my_floor is not of its type"}
	found(parameters({"my_floor": {"type": "colour"}})) == {"the default of my_floor is not of its type"}
}

test_every_rule_has_a_good_and_a_bad_case if {
	bare := object.union(examples.rule_pack, {"cases": []})
	found(bare) == {"my-rule has no case in which it passes", "my-rule has no case in which it does not pass"}
}

test_every_rule_and_decision_is_used if {
	problems := packs.problems with input as object.union(examples.sound, {"packs": []})
	{problem.at | some problem in problems} == {"rego/rules/my-rule/my-rule.rego", "rego/access/may_enter.rego"}
}
