package assay.lib.licence_test

import data.assay.lib.licence

known(alternatives) := {"state": "OK", "alternatives": alternatives}

allowed(alternatives, texts) if licence.allowed(known(alternatives), licence.list(texts))

denied(alternatives, texts) if licence.denied(known(alternatives), licence.list(texts))

test_one_licence if {
	allowed([["MIT"]], ["MIT"])
	not allowed([["GPL-3.0-only"]], ["MIT"])
	denied([["MIT"]], ["MIT"])
	not denied([["GPL-3.0-only"]], ["MIT"])
}

test_a_choice_is_allowed_by_one_alternative_and_denied_by_all if {
	choice := [["GPL-3.0-only"], ["MIT"]]
	allowed(choice, ["MIT"])
	not allowed(choice, ["EPL-2.0"])
	not denied(choice, ["GPL-3.0-only"])
	denied(choice, ["GPL-3.0-only", "MIT"])
}

test_licences_that_hold_together_are_allowed_by_all_and_denied_by_one if {
	together := [["MIT", "GPL-3.0-only"]]
	allowed(together, ["MIT", "GPL-3.0-only"])
	not allowed(together, ["MIT"])
	denied(together, ["GPL-3.0-only"])
	not denied(together, ["EPL-2.0"])
}

test_an_exception_belongs_to_its_licence if {
	classpath := "GPL-2.0-only WITH Classpath-exception-2.0"
	every question in ["allowed", "denied"] {
		answer(question, [[classpath]], [classpath])
		not answer(question, [[classpath]], ["GPL-2.0-only"])
		not answer(question, [[classpath]], ["GPL-2.0-only", "Classpath-exception-2.0"])
		not answer(question, [["GPL-2.0-only"]], [classpath])
		answer(question, [[classpath]], ["gpl-2.0-with-classpath-exception"])
	}
}

answer("allowed", alternatives, texts) if allowed(alternatives, texts)

answer("denied", alternatives, texts) if denied(alternatives, texts)

test_ranges_of_one_family_that_overlap_are_compatible if {
	allowed([["GPL-2.0-or-later"]], ["GPL-2.0"])
	allowed([["GPL-2.0-or-later"]], ["GPL-3.0-only"])
	allowed([["GPL-3.0-only"]], ["GPL-2.0+"])
	allowed([["GPL-1.0-or-later"]], ["GPL-2.0-or-later"])
	allowed([["Apache-1.1+"]], ["Apache-2.0"])
	allowed([["GPL-3.0-only WITH Bison-exception-2.2"]], ["GPL-2.0-or-later WITH Bison-exception-2.2"])
	not allowed([["GPL-1.0-only"]], ["GPL-2.0-or-later"])
	not allowed([["LGPL-2.1-only"]], ["GPL-2.0-or-later"])
	not allowed([["Apache-1.1"]], ["Apache-2.0"])
}

test_or_later_is_equivalent_to_the_version_it_begins_at if {
	denied([["GPL-2.0-or-later"]], ["GPL-2.0-only"])
	not denied([["GPL-2.0-or-later"]], ["GPL-3.0-only"])
	not denied([["GPL-3.0-only"]], ["GPL-2.0-or-later"])
}

test_versions_are_numbers if {
	not allowed([["X-9.0"]], ["X-10.0-or-later"])
	allowed([["X-10.0"]], ["X-9.0-or-later"])
}

test_a_reference_is_a_name_of_its_own if {
	allowed([["LicenseRef-acme-1.0"]], ["licenseref-ACME-1.0"])
	not allowed([["LicenseRef-acme-1.0-or-later"]], ["LicenseRef-acme-2.0"])
	not allowed([["DocumentRef-x:LicenseRef-y"]], ["LicenseRef-y"])
}

test_case_does_not_matter if allowed([["Apache-2.0"]], ["apache-2.0"])

test_nothing_listed_allows_and_denies_nothing if {
	not allowed([["MIT"]], [])
	not denied([["MIT"]], [])
}

test_nothing_said_proves_nothing if {
	every alternatives in [[], [[]]] {
		not allowed(alternatives, ["MIT"])
		not denied(alternatives, ["MIT"])
	}
}

test_other_states_are_neither if {
	every state in ["UNKNOWN", "NONE", "NOASSERTION", "anything"] {
		said := {"state": state, "alternatives": [["MIT"]]}
		not licence.allowed(said, licence.list(["MIT"]))
		not licence.denied(said, licence.list(["MIT"]))
	}
}

test_label if {
	licence.label({"expression": "MIT OR ISC", "raw": ["x"]}) == "MIT OR ISC"
	licence.label({"expression": null, "raw": ["see file", "custom"]}) == "see file, custom"
	licence.label({}) == ""
}
