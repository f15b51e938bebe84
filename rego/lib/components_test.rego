package assay.lib.components_test

import data.assay.lib.components
import data.assay.lib.examples_test as examples

test_components_of_all_documents_with_their_evidence if {
	first := examples.document({"kinds": ["sbom"], "components": [examples.component({})]})
	second := examples.document({"kinds": ["sbom"], "components": [examples.component({"name": "y"})]})
	all := components.all with input.evidence as [first, second]
	[component.name | some component in all] == ["x", "y"]
	every component in all { component.evidence == examples.digest }
}
