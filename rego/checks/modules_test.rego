package assay.checks.modules_test

import data.assay.checks.examples_test as examples
import data.assay.checks.modules

rule := examples.rule_entry(examples.rule_metadata, examples.rule_rules)

decision := examples.decision_entry(examples.decision_metadata, examples.decision_rules)

test_rules_and_decisions if {
	modules.rules == [rule] with input as examples.sound
	modules.decisions == [decision] with input as examples.sound
}

test_metadata if {
	modules.metadata(rule).title == "A title"
	modules.custom(rule).id == "my-rule"
	modules.metadata({"module": {}}) == {}
	modules.custom({"module": {}}) == {}
	modules.name(rule) == "assay.rules.my_rule"
}

test_calls if {
	modules.calls(rule, "parameters", "severity") == [[examples.text("my_floor")]]
	modules.calls(rule, "parameters", "percent") == []
}

test_reports if {
	reported := {report.code: report.params | some report in modules.reports(rule)}
	reported.bad == {"tool", "rule", "severity", "message"}
	reported.heavy == {"component"}
	reported.long == {"length"}
	reported.anonymous == {"field"}
	reported.unseen == set()
	reported["evidence-stale"] == {"kind", "reasons"}
	count(reported) == 11
}

test_a_computed_code_is_null if {
	computed := examples.call(["report", "gap"], [examples.variable("code"), examples.variable("params")])
	entry := examples.rule_entry({}, [examples.head("x", computed)])
	modules.reports(entry) == [{"code": null, "params": set()}]
}

test_reasons if {
	modules.reasons(decision) == {"ok", "too-late"}
}

test_parameters_read if {
	modules.parameters_read(rule) == {"my_floor", "my_other"}
}

test_placeholders if {
	modules.placeholders("{tool} says {rule}, {tool}!") == {"tool", "rule"}
	modules.placeholders("nothing { } {9}") == set()
}
