# METADATA
# title: Parameters
# description: |-
#   Thresholds are data: a pack declares them, a checklist version sets them, a rule reads them here by name
#   and type. One that is missing or malformed is undefined; a rule quotes its parameters among its facts, so
#   it then has no answer at all, which the engine reports as an ERROR.
package assay.lib.parameters

import data.assay.lib.severity as severities

# METADATA
# description: A severity on the scale; never "unknown".
severity(name) := value if {
	value := input.parameters[name]
	severities.rank[value]
}

# METADATA
# description: |-
#   Per cent with at most two decimals, as an integer number of hundredths, because thresholds are compared as
#   integers: 80 is 8000, 79.99 is 7999.
percent(name) := hundredths if {
	value := input.parameters[name]
	value >= 0
	value <= 100
	hundredths := round(value * 100)
	abs((value * 100) - hundredths) < 0.000001
}

# METADATA
# description: A list of texts.
texts(name) := value if {
	value := input.parameters[name]
	is_array(value)
	every text in value { is_string(text) }
}

# METADATA
# description: Yes or no.
flag(name) := value if {
	value := input.parameters[name]
	is_boolean(value)
}

# METADATA
# description: A number from 0.
integer(name) := value if {
	value := input.parameters[name]
	is_number(value)
	value >= 0
	floor(value) == value
}

# METADATA
# description: Numbers from 0, by name.
integers(name) := value if {
	value := input.parameters[name]
	is_object(value)
	every number in value {
		is_number(number)
		number >= 0
	}
}

# METADATA
# description: Lists of texts, by name.
text_lists(name) := value if {
	value := input.parameters[name]
	is_object(value)
	every list in value {
		is_array(list)
		every text in list { is_string(text) }
	}
}
