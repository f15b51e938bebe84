package assay.lib.licence_test

import data.assay.lib.licence

known(alternatives) := {"state": "OK", "alternatives": alternatives}

test_one_licence if {
	licence.allowed(known([["MIT"]]), ["MIT"])
	not licence.allowed(known([["GPL-3.0-only"]]), ["MIT"])
}

test_a_choice_needs_one_allowed_alternative if {
	licence.allowed(known([["GPL-3.0-only"], ["MIT"]]), ["MIT"])
	not licence.allowed(known([["GPL-3.0-only"], ["EPL-2.0"]]), ["MIT"])
}

test_licences_that_hold_together_must_all_be_allowed if {
	licence.allowed(known([["MIT", "BSD-3-Clause"]]), ["MIT", "BSD-3-Clause"])
	not licence.allowed(known([["MIT", "GPL-3.0-only"]]), ["MIT"])
}

test_an_exception_belongs_to_its_licence if {
	classpath := "GPL-2.0-only WITH Classpath-exception-2.0"
	licence.allowed(known([[classpath]]), [classpath])
	not licence.allowed(known([[classpath]]), ["GPL-2.0-only"])
	not licence.allowed(known([["GPL-2.0-only"]]), [classpath])
}

test_or_later_is_a_licence_of_its_own if {
	not licence.allowed(known([["GPL-2.0-or-later"]]), ["GPL-2.0-only"])
	not licence.allowed(known([["GPL-2.0-only"]]), ["GPL-2.0-or-later"])
}

test_case_does_not_matter if {
	licence.allowed(known([["Apache-2.0"]]), ["apache-2.0"])
}

test_nothing_listed_allows_nothing if {
	not licence.allowed(known([["MIT"]]), [])
}

test_nothing_said_proves_nothing if {
	not licence.allowed(known([]), ["MIT"])
	not licence.allowed(known([[]]), ["MIT"])
}

test_other_states_are_never_allowed if {
	every state in ["UNKNOWN", "NONE", "NOASSERTION", "anything"] {
		not licence.allowed({"state": state, "alternatives": [["MIT"]]}, ["MIT"])
	}
}

test_label if {
	licence.label({"expression": "MIT OR ISC", "raw": ["x"]}) == "MIT OR ISC"
	licence.label({"expression": null, "raw": ["see file", "custom"]}) == "see file, custom"
	licence.label({}) == ""
}
