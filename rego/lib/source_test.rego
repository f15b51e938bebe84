package assay.lib.source_test

import data.assay.lib.examples_test as examples
import data.assay.lib.source

file(path, covered, uncovered) := {
	"path": path,
	"covered": 0,
	"total": 1,
	"lines": {"covered": covered, "uncovered": uncovered},
}

coverage(format, files) := examples.document({
	"format": format,
	"kinds": ["coverage"],
	"coverage": {"covered": 0, "total": 1, "basis": "line", "declared": null, "others": [], "files": files},
})

changed(path, lines) := {"path": path, "status": "modified", "from": null, "lines": lines, "binary": false}

test_patches_and_lists_are_told_apart if {
	documents := [
		examples.document({"kinds": ["source"], "source": {"changed": [changed("a.js", [[1, 1]])], "expected": null}}),
		examples.document({"kinds": ["source"], "source": {"changed": null, "expected": ["a.js", "b.js"]}}),
		examples.document({"kinds": ["source"], "state": "ERROR", "source": {"changed": null, "expected": ["c.js"]}}),
	]
	count(source.patches) == 1 with input.evidence as documents
	source.expected == {"a.js", "b.js"} with input.evidence as documents
}

test_the_path_itself_comes_before_what_resembles_it if {
	documents := [coverage("lcov", [file("a.js", [], [[1, 1]]), file("src/a.js", [[1, 1]], [])])]
	source.places("src/a.js") == {[0, 1]} with input.evidence as documents
}

test_each_report_speaks_for_itself if {
	documents := [
		coverage("lcov", [file("…/src/a.js", [[1, 2]], [[3, 3]])]),
		coverage("cobertura", [file("src/a.js", [[3, 3]], [[4, 4]])]),
	]
	source.is_measured("src/a.js") with input.evidence as documents
	not source.is_measured("src/b.js") with input.evidence as documents
	source.measured_lines(changed("src/a.js", [[2, 9]])) == {2, 3, 4} with input.evidence as documents
	source.covered_lines(changed("src/a.js", [[2, 9]])) == {2, 3} with input.evidence as documents
}

test_only_whole_segments_count if {
	documents := [coverage("jacoco", [file("a.js", [[1, 1]], [])])]
	not source.is_measured("src/ba.js") with input.evidence as documents
	source.is_measured("src/a.js") with input.evidence as documents
}

test_a_module_stands_before_all_files if {
	documents := [coverage("go-coverprofile", [file("ex.test/m/a.go", [[1, 1]], []), file("ex.test/m/b/b.go", [], [])])]
	source.is_measured("a.go") with input.evidence as documents
	source.is_measured("b/b.go") with input.evidence as documents
	not source.is_measured("b.go") with input.evidence as documents
}

test_only_go_has_modules if {
	documents := [coverage("lcov", [file("shop/a.js", [[1, 1]], [])])]
	not source.is_measured("a.js") with input.evidence as documents
}
