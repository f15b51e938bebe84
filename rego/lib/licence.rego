# METADATA
# title: Licences
# description: |-
#   Reads the normal form of an SPDX expression: alternatives, of which one must do, each a list of licences
#   that hold together. "MIT OR (EPL-2.0 AND BSD-2-Clause)" is [["MIT"], ["EPL-2.0", "BSD-2-Clause"]]. There are
#   two questions, not one. An allow list asks whether the licensee can choose so that everything is allowed; a
#   deny list, whether the licensee cannot choose without something that is denied. A licence with an exception
#   ("… WITH …") is one licence: neither half of it matches alone.
package assay.lib.licence

# Deprecated identifiers that stand for a licence with an exception, as an officer may still list them.
compounds := {
	"gpl-2.0-with-gcc-exception": "gpl-2.0 with gcc-exception-2.0",
	"gpl-2.0-with-autoconf-exception": "gpl-2.0 with autoconf-exception-2.0",
	"gpl-2.0-with-bison-exception": "gpl-2.0 with bison-exception-2.2",
	"gpl-2.0-with-classpath-exception": "gpl-2.0 with classpath-exception-2.0",
	"gpl-2.0-with-font-exception": "gpl-2.0 with font-exception-2.0",
	"gpl-3.0-with-gcc-exception": "gpl-3.0 with gcc-exception-3.1",
	"gpl-3.0-with-autoconf-exception": "gpl-3.0 with autoconf-exception-3.0",
}

# METADATA
# description: |-
#   A list of identifiers as `allowed` and `denied` take it: read once, since a bill of materials asks often.
#   SPDX identifiers do not depend on case; "X+" is "X-or-later", and a plain "GPL-2.0" is "GPL-2.0-only".
list(texts) := {
	"written": {lower(text) | some text in texts},
	"licences": {licence_of(text) | some text in texts},
}

# METADATA
# description: |-
#   The licence is known, and one of its alternatives has nothing but licences compatible with a listed one:
#   the same exception, and version ranges of one family that overlap. GPL-2.0-or-later is compatible with
#   GPL-3.0-only. An alternative without any licence proves nothing.
allowed(licence, listed) if {
	licence.state == "OK"
	some alternative in licence.alternatives
	count(alternative) > 0
	every id in alternative { is_compatible(id, listed) }
}

# METADATA
# description: |-
#   The licence is known, and each of its alternatives has a licence equivalent to a listed one: the same
#   exception, family and version, where "or later" counts as the version it begins at.
denied(licence, listed) if {
	licence.state == "OK"
	count(licence.alternatives) > 0
	every alternative in licence.alternatives {
		some id in alternative
		is_equivalent(id, listed)
	}
}

# METADATA
# description: The licence as people know it, by its expression or by what stood in the file.
label(licence) := licence.expression if {
	is_string(licence.expression)
} else := concat(", ", object.get(licence, "raw", []))

# Most components are under exactly what is listed.
is_compatible(id, listed) if {
	lower(id) in listed.written
} else if {
	asked := licence_of(id)
	some other in listed.licences
	asked.family == other.family
	asked.exception == other.exception
	overlap(asked, other)
}

is_equivalent(id, listed) if {
	asked := licence_of(id)
	some other in listed.licences
	asked.family == other.family
	asked.exception == other.exception
	asked.version == other.version
}

overlap(one, other) if one.version == other.version

overlap(one, other) if {
	one.or_later
	one.version <= other.version
}

overlap(one, other) if {
	other.or_later
	other.version <= one.version
}

# One licence by its parts; what has no version is a family of its own.
licence_of(text) := object.union(parts_of(halves[0]), {"exception": concat(" with ", array.slice(halves, 1, 9))}) if {
	modern := object.get(compounds, lower(trim_space(text)), lower(trim_space(text)))
	halves := regex.split(`\s+with\s+`, modern)
}

# A reference is somebody's own name, whatever it ends in.
parts_of(id) := {"family": id, "version": [], "or_later": false} if {
	is_reference(id)
} else := {"family": found[1], "version": numbers(found[2]), "or_later": found[3] in {"+", "-or-later"}} if {
	some found in regex.find_all_string_submatch_n(`^(.+)-([0-9]+(?:\.[0-9]+)*)(-only|-or-later|\+)?$`, id, 1)
} else := {"family": id, "version": [], "or_later": false}

is_reference(id) if regex.match(`^(documentref-|licenseref-)`, id)

numbers(version) := [to_number(number) | some number in split(version, ".")]
