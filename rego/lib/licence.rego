# METADATA
# title: Licences
# description: |-
#   Reads the normal form of an SPDX expression: alternatives, of which one must do, each a list of licences
#   that hold together. "MIT OR (EPL-2.0 AND BSD-2-Clause)" is [["MIT"], ["EPL-2.0", "BSD-2-Clause"]]. A licence
#   with an exception ("… WITH …") is one licence, and so is "…-or-later": each must be listed as such.
package assay.lib.licence

# METADATA
# description: |-
#   The licence is known and one of its alternatives has nothing but allowed licences. SPDX identifiers do not
#   depend on case. An alternative without any licence proves nothing.
allowed(licence, allow_list) if {
	licence.state == "OK"
	listed := {lower(id) | some id in allow_list}
	some alternative in licence.alternatives
	count(alternative) > 0
	every id in alternative { lower(id) in listed }
}

# METADATA
# description: The licence as people know it, by its expression or by what stood in the file.
label(licence) := licence.expression if {
	is_string(licence.expression)
} else := concat(", ", object.get(licence, "raw", []))
