# METADATA
# title: Coverage
# description: |-
#   Coverage is two integers and never a rounded percentage. Each document is judged by itself: statements,
#   lines and block statements are different things and are never added up.
# schemas:
#   - input: schema["input"]
package assay.lib.coverage

# METADATA
# description: Something was there to be covered. Nothing of nothing is not 100 per cent.
measured(document) if {
	is_number(document.coverage.covered)
	document.coverage.total > 0
}

# METADATA
# description: At least the floor, given in hundredths of a per cent (80 % is 8000).
reaches(document, hundredths) if {
	measured(document)
	document.coverage.covered * 10000 >= hundredths * document.coverage.total
}

# METADATA
# description: Per cent for people to read, rounded down so that it never seems to reach a floor it misses.
percent(document) := floor((document.coverage.covered * 10000) / document.coverage.total) / 100 if measured(document)
