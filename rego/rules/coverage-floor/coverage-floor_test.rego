package assay.rules.coverage_floor_test

import data.assay.lib.examples_test as examples
import data.assay.rules.coverage_floor

floor_80 := {"coverage_floor": 80}

report(covered, total, basis) := examples.document({
	"format": "coverage.py",
	"kinds": ["coverage"],
	"tools": [{"name": "coverage.py", "version": "7.16.2", "versionFrom": "file"}],
	"coverage": {"covered": covered, "total": total, "basis": basis, "declared": null, "files": []},
})

judged(reports) := answer if {
	answer := coverage_floor.result with input as examples.asked(reports, floor_80)
}

test_at_the_floor if {
	answer := judged([report(80, 100, "line")])
	answer.applicable
	answer.violations == []
	answer.gaps == []
	object.remove(answer.facts, ["expectedFiles", "expectedFilesMissing"]) == {
		"floorHundredths": 8000,
		"reports": 1,
		"reachingFloor": 1,
	}
}

test_below_the_floor if {
	answer := judged([report(9, 14, "line")])
	answer.violations == [{
		"code": "coverage-floor.below-floor",
		"params": {
			"tool": "coverage.py",
			"basis": "line",
			"covered": 9,
			"total": 14,
			"percent": 64.28,
			"floor": 80,
		},
		"severity": "medium",
		"where": null,
		"identity": null,
		"subject": null,
		"evidence": examples.digest,
	}]
}

test_reports_are_never_added_up if {
	answer := judged([report(990, 1000, "line"), report(7, 18, "block-statement")])
	[violation.params.basis | some violation in answer.violations] == ["block-statement"]
	answer.facts.reports == 2
	answer.facts.reachingFloor == 1
}

test_nothing_measured_is_a_gap if {
	answer := judged([report(0, 0, "line")])
	answer.violations == []
	examples.gaps(answer) == {"coverage-floor.nothing-measured"}
}

test_a_complete_document_without_numbers_is_a_gap if {
	answer := judged([object.union(report(0, 0, "line"), {"coverage": null})])
	answer.violations == []
	examples.gaps(answer) == {"coverage-floor.nothing-measured"}
}

test_what_is_not_complete_is_a_gap_and_not_judged if {
	answer := judged([object.union(report(1, 100, "line"), {"state": "INCOMPLETE"})])
	answer.violations == []
	examples.gaps(answer) == {"coverage-floor.evidence-incomplete"}
}

test_missing_evidence_is_a_gap if {
	examples.gaps(judged([])) == {"coverage-floor.evidence-missing"}
}

test_expected_files_that_no_report_knows_are_named if {
	list := examples.document({
		"kinds": ["source"],
		"source": {"changed": null, "expected": ["src/a.py", "src/b.py", "src/c.py"]},
	})
	file := {"path": "src/b.py", "covered": 90, "total": 100, "lines": null}
	known := object.union(report(90, 100, "line"), {"coverage": {"files": [file]}})
	answer := judged([known, list])
	answer.violations == []
	[gap.params | some gap in answer.gaps] == [{"expected": 3, "count": 2, "files": "src/a.py, src/c.py"}]
	answer.facts.expectedFiles == 3
	answer.facts.expectedFilesMissing == 2
}

test_a_list_that_cannot_be_read_is_a_gap if {
	list := examples.document({"kinds": ["source"], "state": "ERROR", "source": null})
	examples.gaps(judged([report(90, 100, "line"), list])) == {"coverage-floor.evidence-error"}
}

test_no_answer_without_its_parameter if {
	not coverage_floor.result with input as examples.asked([], {})
}
