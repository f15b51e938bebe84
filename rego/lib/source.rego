# METADATA
# title: Source
# description: |-
#   What coverage is held against: the lines a patch changed, and the files a list expects. Coverage reports and
#   repositories name files in different ways; a name that fits several files of one report fits none.
# schemas:
#   - input: schema["input"]
package assay.lib.source

import data.assay.lib.evidence

# METADATA
# description: Documents that are patches.
patches := [document |
	some document in evidence.complete("source")
	is_array(document.source.changed)
]

# METADATA
# description: The files that coverage must speak of; a set of paths.
expected := {path |
	some document in evidence.complete("source")
	is_array(document.source.expected)
	some path in document.source.expected
}

# METADATA
# description: |-
#   Where the coverage reports speak of a file, as [number of the report, number of the file]. By its path, or by what
#   is known of it: the end of the path ("…/a.js"), a path below a source folder (JaCoCo, Cobertura), or a path below
#   the module's name (Go).
places(path) := {place |
	some report, _ in reports
	some place in places_in(report, path)
}

# METADATA
# description: A file is spoken of somewhere.
is_measured(path) if count(places(path)) > 0

# METADATA
# description: The file at a place.
file_at(place) := reports[place[0]].coverage.files[place[1]]

reports := [document |
	some document in evidence.complete("coverage")
	is_object(document.coverage)
]

# By the last segment of the path, so that a file is compared with few others.
named[name] contains [report, at] if {
	some report, document in reports
	some at, file in document.coverage.files
	name := last_segment(file.path)
}

last_segment(path) := segments[count(segments) - 1] if segments := split(path, "/")

places_in(report, path) := same if {
	same := {place | some place in alike(report, path); file_at(place).path == path}
	count(same) > 0
} else := fitting if {
	fitting := {place | some place in alike(report, path); means(reports[report], file_at(place).path, path)}
	count(fitting) == 1
} else := set()

alike(report, path) := {place |
	some place in object.get(named, last_segment(path), set())
	place[0] == report
}

means(_, covered, path) if {
	startswith(covered, "…/")
	ends_with(path, trim_prefix(covered, "…/"))
}

means(_, covered, path) if {
	not startswith(covered, "…/")
	ends_with(path, covered)
}

# A module's name stands before all of its files; a folder stands before some.
means(document, covered, path) if {
	document.format == "go-coverprofile"
	ends_with(covered, path)
	module := trim_suffix(covered, path)
	every file in document.coverage.files { startswith(file.path, module) }
}

ends_with(path, end) if endswith(concat("/", ["", path]), concat("/", ["", end]))

# METADATA
# description: The changed lines of a file of a patch that tests can reach, as a set of numbers.
measured_lines(file) := {line |
	some place in places(file.path)
	some list in ["covered", "uncovered"]
	some line in common(file.lines, file_at(place).lines[list])
}

# METADATA
# description: Those that some test reached, in one report at least.
covered_lines(file) := {line |
	some place in places(file.path)
	some line in common(file.lines, file_at(place).lines.covered)
}

common(ranges, others) := {line |
	some range in ranges
	some other in others
	other[0] <= range[1]
	range[0] <= other[1]
	some line in numbers.range(max([range[0], other[0]]), min([range[1], other[1]]))
}
