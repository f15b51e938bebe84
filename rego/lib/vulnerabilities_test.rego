package assay.lib.vulnerabilities_test

import data.assay.lib.examples_test as examples
import data.assay.lib.vulnerabilities

listed(changes) := open if {
	document := examples.document({"kinds": ["vulnerabilities"], "vulnerabilities": [examples.vulnerability(changes)]})
	open := vulnerabilities.open with input as examples.asked([document], {})
}

test_open_unless_settled if {
	every status in ["affected", "under_investigation", "unknown"] { count(listed({"status": status})) == 1 }
	every status in ["not_affected", "fixed"] { count(listed({"status": status})) == 0 }
	count(listed({"toolSuppression": "accepted"})) == 1
}

test_each_knows_its_document if listed({})[0].evidence == examples.digest

test_documents_of_the_first_model_list_none if {
	document := object.remove(examples.document({}), ["vulnerabilities"])
	open := vulnerabilities.open with input as examples.asked([document], {})
	open == []
}

test_repairable if {
	vulnerabilities.repairable({"fixedIn": ["1.0.1"]})
	not vulnerabilities.repairable({"fixedIn": []})
}

test_unreached if {
	every reach in ["imported", "required"] { vulnerabilities.unreached({"reach": reach}) }
	every reach in ["called", "unknown"] { not vulnerabilities.unreached({"reach": reach}) }
}
