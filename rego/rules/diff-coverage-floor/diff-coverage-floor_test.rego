package assay.rules.diff_coverage_floor_test

import data.assay.lib.examples_test as examples
import data.assay.rules.diff_coverage_floor

parameters := {
	"diff_coverage_floor": 80,
	"diff_coverage_files": ["**/*.js", "**/*.go", "**/*.java"],
	"diff_coverage_exempt": ["**/*.test.js"],
}

changed(path, lines) := {"path": path, "status": "modified", "from": null, "lines": lines, "binary": false}

patch(files) := examples.document({
	"format": "patch",
	"kinds": ["source"],
	"source": {"changed": files, "expected": null},
})

covered(path, covered_ranges, uncovered_ranges) := {
	"path": path,
	"covered": 1,
	"total": 2,
	"lines": {"covered": covered_ranges, "uncovered": uncovered_ranges},
}

coverage(format, files) := examples.document({
	"format": format,
	"kinds": ["coverage"],
	"coverage": {"covered": 1, "total": 2, "basis": "line", "declared": null, "others": [], "files": files},
})

judged(documents) := answer if {
	answer := diff_coverage_floor.result with input as examples.asked(documents, parameters)
}

test_at_the_floor if {
	answer := judged([
		patch([changed("src/a.js", [[1, 5], [20, 30]])]),
		coverage("lcov", [covered("src/a.js", [[1, 4]], [[5, 9]])]),
	])
	answer.applicable
	answer.violations == []
	answer.gaps == []
	answer.facts.measuredLines == 5
	answer.facts.coveredLines == 4
}

test_below_the_floor_names_the_files if {
	answer := judged([
		patch([changed("src/a.js", [[1, 5]]), changed("src/b.js", [[1, 1]])]),
		coverage("lcov", [covered("src/a.js", [[1, 3]], [[4, 9]]), covered("src/b.js", [[1, 1]], [])]),
	])
	[violation.params | some violation in answer.violations] == [{
		"covered": 4,
		"total": 6,
		"percent": 66.66,
		"floor": 80,
		"files": "src/a.js",
	}]
}

test_one_report_of_several_is_enough_for_a_line if {
	answer := judged([
		patch([changed("src/a.js", [[1, 2]])]),
		coverage("lcov", [covered("src/a.js", [[1, 1]], [[2, 2]])]),
		coverage("cobertura", [covered("src/a.js", [[2, 2]], [[1, 1]])]),
	])
	answer.violations == []
	answer.facts.measuredLines == 2
	answer.facts.coveredLines == 2
}

test_a_changed_file_in_no_report_is_a_gap if {
	answer := judged([
		patch([changed("src/a.js", [[1, 2]]), changed("src/new.js", [[1, 9]])]),
		coverage("lcov", [covered("src/a.js", [[1, 2]], [])]),
	])
	answer.violations == []
	examples.gaps(answer) == {"diff-coverage-floor.file-not-measured"}
}

test_a_report_without_lines_is_a_gap if {
	file := {"path": "src/a.js", "covered": 1, "total": 1, "lines": null}
	examples.gaps(judged([patch([changed("src/a.js", [[1, 2]])]), coverage("istanbul-summary", [file])])) == {
		"diff-coverage-floor.file-not-measured",
		"diff-coverage-floor.nothing-measured",
	}
}

test_no_measurable_line_is_a_gap_and_not_100 if {
	answer := judged([
		patch([changed("src/a.js", [[7, 8]])]),
		coverage("lcov", [covered("src/a.js", [[1, 2]], [])]),
	])
	answer.violations == []
	examples.gaps(answer) == {"diff-coverage-floor.nothing-measured"}
}

test_a_patch_without_code_has_nothing_to_show if {
	answer := judged([patch([changed("README.md", [[1, 2]]), changed("src/a.test.js", [[1, 2]]), changed("src/a.js", [])])])
	not answer.applicable
	answer.gaps == []
}

test_names_as_reports_write_them if {
	every format, name in {"lcov": "…/src/a.js", "jacoco": "a.js", "go-coverprofile": "example.com/shop/src/a.js"} {
		answer := judged([patch([changed("src/a.js", [[1, 1]])]), coverage(format, [covered(name, [[1, 1]], [])])])
		answer.gaps == []
		answer.facts.coveredLines == 1
	}
}

test_a_name_that_fits_two_files_fits_none if {
	files := [covered("lib/a.js", [[1, 1]], []), covered("a.js", [[1, 1]], [])]
	answer := judged([patch([changed("src/lib/a.js", [[1, 1]])]), coverage("jacoco", files)])
	examples.gaps(answer) == {"diff-coverage-floor.file-not-measured", "diff-coverage-floor.nothing-measured"}
}

test_a_folder_is_not_a_module if {
	files := [covered("shop/src/a.go", [[1, 1]], []), covered("other/b.go", [[1, 1]], [])]
	answer := judged([patch([changed("a.go", [[1, 1]])]), coverage("go-coverprofile", files)])
	examples.gaps(answer) == {"diff-coverage-floor.file-not-measured", "diff-coverage-floor.nothing-measured"}
}

test_a_change_that_is_too_large_is_a_gap if {
	answer := judged([
		patch([changed("src/a.js", [[1, 50001]])]),
		coverage("lcov", [covered("src/a.js", [[1, 2]], [])]),
	])
	answer.violations == []
	examples.gaps(answer) == {"diff-coverage-floor.change-too-large"}
}

test_a_list_of_files_is_no_patch if {
	list := examples.document({"kinds": ["source"], "source": {"changed": null, "expected": ["src/a.js"]}})
	examples.gaps(judged([list])) == {"diff-coverage-floor.no-patch"}
}

test_missing_evidence_is_a_gap if {
	examples.gaps(judged([])) == {"diff-coverage-floor.evidence-missing"}
	examples.gaps(judged([patch([changed("src/a.js", [[1, 2]])])])) == {
		"diff-coverage-floor.evidence-missing",
		"diff-coverage-floor.file-not-measured",
		"diff-coverage-floor.nothing-measured",
	}
}

test_no_answer_without_its_parameters if {
	every name, _ in parameters {
		not diff_coverage_floor.result with input as examples.asked([], object.remove(parameters, [name]))
	}
}
