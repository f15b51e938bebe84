package assay.lib.parameters_test

import data.assay.lib.parameters

test_severity if {
	parameters.severity("p") == "none" with input.parameters.p as "none"
	not parameters.severity("p") with input.parameters.p as "unknown"
	not parameters.severity("p") with input.parameters.p as 3
	not parameters.severity("p") with input.parameters as {}
}

test_percent_in_hundredths if {
	parameters.percent("p") == 8000 with input.parameters.p as 80
	parameters.percent("p") == 7999 with input.parameters.p as 79.99
	parameters.percent("p") == 0 with input.parameters.p as 0
	parameters.percent("p") == 10000 with input.parameters.p as 100
}

test_percent_refuses_what_it_cannot_compare_exactly if {
	not parameters.percent("p") with input.parameters.p as 79.999
	not parameters.percent("p") with input.parameters.p as 101
	not parameters.percent("p") with input.parameters.p as -1
	not parameters.percent("p") with input.parameters.p as "80"
	not parameters.percent("p") with input.parameters as {}
}

test_texts if {
	parameters.texts("p") == ["a", "b"] with input.parameters.p as ["a", "b"]
	parameters.texts("p") == [] with input.parameters.p as []
	not parameters.texts("p") with input.parameters.p as ["a", 1]
	not parameters.texts("p") with input.parameters.p as "a"
	not parameters.texts("p") with input.parameters as {}
}

test_flag if {
	is_flag with input.parameters.p as true
	parameters.flag("p") == true with input.parameters.p as true
	parameters.flag("p") == false with input.parameters.p as false
	not is_flag with input.parameters.p as "false"
	not is_flag with input.parameters as {}
}

is_flag if is_boolean(parameters.flag("p"))

test_integer if {
	parameters.integer("p") == 3 with input.parameters.p as 3
	parameters.integer("p") == 0 with input.parameters.p as 0
	not parameters.integer("p") with input.parameters.p as -1
	not parameters.integer("p") with input.parameters.p as 1.5
	not parameters.integer("p") with input.parameters.p as "3"
}

test_integers if {
	parameters.integers("p") == {"a": 1} with input.parameters.p as {"a": 1}
	not parameters.integers("p") with input.parameters.p as {"a": -1}
	not parameters.integers("p") with input.parameters.p as {"a": "1"}
	not parameters.integers("p") with input.parameters.p as [1]
}

test_text_lists if {
	parameters.text_lists("p") == {"a": ["x"]} with input.parameters.p as {"a": ["x"]}
	not parameters.text_lists("p") with input.parameters.p as {"a": "x"}
	not parameters.text_lists("p") with input.parameters.p as {"a": [1]}
	not parameters.text_lists("p") with input.parameters.p as ["x"]
}
