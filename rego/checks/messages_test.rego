package assay.checks.messages_test

import data.assay.checks.examples_test as examples
import data.assay.checks.messages

said(changes) := object.union(examples.rule_metadata, {"messages": changes})

unsaid(code) := object.union(
	object.remove(examples.rule_metadata, ["messages"]),
	{"messages": object.remove(examples.rule_metadata.messages, [code])},
)

found(question) := texts if {
	problems := messages.problems with input as question
	texts := examples.texts(problems)
}

test_sound if {
	messages.problems == set() with input as examples.sound
}

test_a_code_is_written_out if {
	computed := examples.call(["report", "gap"], [examples.variable("code"), examples.keyed([])])
	rules := array.concat(examples.rule_rules, [examples.head("x", computed)])
	found(examples.with_rule(examples.rule_metadata, rules)) == {"a code is computed: write it out, so that its message can be found"}
}

test_every_code_has_a_message if {
	texts := found(examples.with_rule(unsaid("my-rule.bad"), examples.rule_rules))
	texts == {"my-rule.bad has no message", "messages.nl.yaml has my-rule.bad, which no rule of the pack uses"}
}

test_the_gaps_of_the_library_need_messages_too if {
	texts := found(examples.with_rule(unsaid("my-rule.evidence-stale"), examples.rule_rules))
	"my-rule.evidence-stale has no message" in texts
}

test_reasons_of_a_decision_need_messages if {
	custom := object.union(
		object.remove(examples.decision_metadata, ["messages"]),
		{"messages": {"ok": "Come in."}},
	)
	"too-late has no message" in found(examples.with_decision(custom, examples.decision_rules))
}

test_every_message_has_a_use if {
	texts := found(examples.with_rule(said({"my-rule.never": "never"}), examples.rule_rules))
	texts == {"the message of my-rule.never is never used", "messages.nl.yaml lacks my-rule.never"}
}

test_a_message_quotes_what_its_code_carries if {
	texts := found(examples.with_rule(said({"my-rule.unseen": "{what}"}), examples.rule_rules))
	"the message of my-rule.unseen quotes what, which the code does not carry" in texts
	"the Dutch message of my-rule.unseen quotes other params than the English one" in texts
}

test_every_message_is_there_in_dutch if {
	mute := object.union(object.remove(examples.rule_pack, ["messages"]), {"messages": {}})
	count(found(examples.with_pack(mute))) == count(examples.rule_metadata.messages)
	doors := object.union(object.remove(examples.access_pack, ["messages"]), {"messages": {}})
	found(object.union(examples.sound, {"packs": [doors]})) == {"messages.nl.yaml lacks ok", "messages.nl.yaml lacks too-late"}
}

test_decisions_that_share_a_code_share_its_message if {
	other := {
		"file": "rego/access/may_leave.rego",
		"module": examples.module(
			["assay", "access", "may_leave"],
			object.union(examples.decision_metadata, {"id": "may-leave", "messages": {"ok": "Good-bye."}}),
			examples.decision_rules,
		),
	}
	found(examples.with_module(other)) == {"the message of ok differs between decisions"}
}
