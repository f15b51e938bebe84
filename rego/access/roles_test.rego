package assay.access.roles_test

import data.assay.access.questions_test as questions
import data.assay.access.roles

asked(held) := {"actor": questions.actor({"roles": held}), "parameters": questions.parameters}

test_any_role_is_enough if {
	roles.grant("waiver.request") with input as asked(["approver", "developer"])
}

test_nothing_else_is_granted if {
	not roles.grant("waiver.request") with input as asked(["approver"])
	not roles.grant("waiver.request") with input as asked([])
	not roles.grant("waiver.request") with input as asked(["wizard"])
	not roles.grant("waiver.request") with input as {"actor": {"roles": ["developer"]}, "parameters": {}}
	not roles.grant("waiver.request") with input as {}
}
