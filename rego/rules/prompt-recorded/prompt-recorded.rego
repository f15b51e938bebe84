# METADATA
# title: The prompt can be checked against its hash
# description: |-
#   A prompt hash is worth something only when a prompt that is shown later can be compared with it: it must be
#   the SHA-256 of the prompt, and not a name or a shortened hash. Whether there is a hash at all is the question
#   of agent-header-complete.
# custom:
#   id: prompt-recorded
#   severity: medium
#   messages:
#     prompt-recorded.not-a-digest: "The header's prompt hash is not a SHA-256 digest: {given}"
#     prompt-recorded.prompt-hash-missing: "An agent made this artefact, but its header has no prompt hash."
#   remediation: Record the prompt's digest as sha256 and 64 lower-case hex digits ("sha256:…") and register the artefact again.
#   controls: ["ISO42001:A.6.2.8"]
#   parameters: []
#   findings: []
# schemas:
#   - input: schema["input"]
package assay.rules.prompt_recorded

import data.assay.lib.report

header := input.artefact.agent

# METADATA
# entrypoint: true
result := report.answer(rego.metadata.chain(), {
	"applicable": header != null,
	"violations": violations,
	"gaps": gaps,
	"facts": {},
})

violations contains report.of_artefact("not-a-digest", {"given": prompt_hash}) if {
	not is_digest
}

gaps contains report.gap("prompt-hash-missing", {}, null) if {
	header != null
	not prompt_hash
}

prompt_hash := header.promptHash if trim_space(header.promptHash) != ""

is_digest if regex.match(`^sha256:[0-9a-f]{64}$`, prompt_hash)
