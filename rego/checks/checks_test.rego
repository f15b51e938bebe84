package assay.checks_test

import data.assay.checks
import data.assay.checks.examples_test as examples

test_nothing_to_complain_about if {
	checks.problems == [] with input as examples.sound
}

test_each_check_is_asked if {
	negated := {"negated": true, "location": {"row": 3}, "terms": [examples.ref(["f"]), examples.ref(["a", "b"])]}
	rules := array.concat(examples.rule_rules, [{"head": {"name": "r"}, "body": [negated]}])
	custom := object.remove(examples.rule_metadata, ["remediation", "messages"])
	unsound := object.union(examples.with_rule(custom, rules), {"packs": []})
	found := checks.problems with input as unsound
	{problem.check | some problem in found} == {"messages", "metadata", "negation", "packs"}
}
