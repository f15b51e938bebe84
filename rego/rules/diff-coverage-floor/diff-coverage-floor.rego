# METADATA
# title: Coverage of changed lines reaches the floor
# description: |-
#   Of the lines that a patch adds or alters and that a test can reach, at least the floor is reached, over all
#   coverage reports of the artefact. A changed file that should be measured and stands in no report is a gap: what no
#   report knows is not covered. A patch without such files has nothing to show.
# custom:
#   id: diff-coverage-floor
#   severity: medium
#   messages:
#     diff-coverage-floor.below-floor: "Tests reach {covered} of {total} changed lines, which is {percent} %; the floor is {floor} %. Not reached: {files}."
#     diff-coverage-floor.file-not-measured: "{file} was changed, and no coverage report speaks of its lines."
#     diff-coverage-floor.nothing-measured: "The patch changes {changed} lines of code, and no report says of any whether a test reaches it."
#     diff-coverage-floor.no-patch: "There is no patch, so nobody knows which lines were changed."
#     diff-coverage-floor.change-too-large: "The patch changes {changed} lines; more than {limit} are not compared line by line."
#     diff-coverage-floor.evidence-missing: "There is no {kind} evidence to hold the change against."
#     diff-coverage-floor.evidence-stale: "The {kind} evidence, or the data its tool judged with, is older than the checklist allows."
#     diff-coverage-floor.evidence-incomplete: "The {kind} evidence is not complete: {reasons}."
#     diff-coverage-floor.evidence-error: "The {kind} evidence was not made, or it cannot be read: {reasons}."
#     diff-coverage-floor.evidence-not-measured: "The {kind} evidence says that nothing was measured: {reasons}."
#     diff-coverage-floor.evidence-unknown: "The {kind} document cannot be understood: {reasons}."
#   remediation: Write tests that reach the changed lines, run all tests, and submit the new report together with the patch.
#   controls: ["NIST-SSDF:PW.8.2", "ISO27001:A.8.29"]
#   parameters: [diff_coverage_floor, diff_coverage_files, diff_coverage_exempt]
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.diff_coverage_floor

import data.assay.lib.evidence
import data.assay.lib.parameters
import data.assay.lib.report
import data.assay.lib.source

lowest := parameters.percent("diff_coverage_floor")

patterns := parameters.texts("diff_coverage_files")

exempt := parameters.texts("diff_coverage_exempt")

# Beyond it a patch is an import of somebody else's code, and comparing it would take longer than a gate waits.
line_limit := 50000

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": count(concerned) > 0,
	"violations": violations,
	"gaps": (((evidence.gaps("source") | needed_gaps) | no_patch) | (unmeasured | too_large)),
	"facts": {
		"floorHundredths": lowest,
		"patterns": count(patterns) + count(exempt),
		"patches": count(source.patches),
		"changedFiles": count(concerned),
		"measuredLines": sum([tally.measured | some tally in tallies]),
		"coveredLines": sum([tally.covered | some tally in tallies]),
	},
})

# The changed files that should be measured, each with its patch.
concerned := [change |
	some patch in source.patches
	some file in patch.source.changed
	count(file.lines) > 0
	fits(file.path, patterns)
	not is_exempt(file)
	change := {"patch": patch.digest, "file": file}
]

is_exempt(file) if fits(file.path, exempt)

fits(path, globs) if {
	some pattern in globs
	glob.match(pattern, ["/"], concat("/", ["", path]))
}

# Coverage is asked for only where code was changed.
default needed_gaps := set()

needed_gaps := evidence.gaps("coverage") if count(concerned) > 0

no_patch contains report.gap("no-patch", {}, null) if {
	count(evidence.complete("source")) > 0
	count(source.patches) == 0
}

changed_lines(patch) := sum([length |
	some change in concerned
	change.patch == patch.digest
	some range in change.file.lines
	length := (range[1] - range[0]) + 1
])

is_too_large(patch) if changed_lines(patch) > line_limit

too_large contains gap if {
	some patch in source.patches
	is_too_large(patch)
	gap := report.gap("change-too-large", {"changed": changed_lines(patch), "limit": line_limit}, patch.digest)
}

has_lines(file) if {
	some place in source.places(file.path)
	is_object(source.file_at(place).lines)
}

unmeasured contains gap if {
	some change in concerned
	file := change.file
	not has_lines(file)
	gap := report.gap("file-not-measured", {"file": file.path}, change.patch)
}

unmeasured contains gap if {
	some tally in tallies
	tally.changed > 0
	tally.measured == 0
	gap := report.gap("nothing-measured", {"changed": tally.changed}, tally.patch)
}

tallies := [tally |
	some patch in source.patches
	not is_too_large(patch)
	lines := [line |
		some change in concerned
		change.patch == patch.digest
		line := {
			"path": change.file.path,
			"measured": count(source.measured_lines(change.file)),
			"covered": count(source.covered_lines(change.file)),
		}
	]
	tally := {
		"patch": patch.digest,
		"document": patch,
		"changed": changed_lines(patch),
		"measured": sum([line.measured | some line in lines]),
		"covered": sum([line.covered | some line in lines]),
		"files": [line.path | some line in lines; line.covered < line.measured],
	}
]

violations contains violation if {
	some tally in tallies
	tally.measured > 0
	tally.covered * 10000 < lowest * tally.measured
	violation := report.of_document("below-floor", tally.document, {
		"covered": tally.covered,
		"total": tally.measured,
		"percent": floor((tally.covered * 10000) / tally.measured) / 100,
		"floor": input.parameters.diff_coverage_floor,
		"files": concat(", ", array.slice(sort(tally.files), 0, 20)),
	})
}
