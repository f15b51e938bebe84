# METADATA
# title: Every code has a message, and every message a use
# description: |-
#   A decision records codes and params. Whoever reads it later needs a message for every code, in English (from
#   the rule) and in Dutch (from the pack), and the message may quote only what the code carries.
package assay.checks.messages

import data.assay.checks.modules

# What the answers of the access and the process policy carry besides the code.
answer_params := {
	"severity",
	"durationDays",
	"maxDurationDays",
	"approvals",
	"requiredApprovals",
	"kind",
	"role",
	"roles",
	"missing",
	"renewals",
	"maxRenewals",
	"hours",
	"maxHours",
	"stories",
	"maxStories",
}

# METADATA
# description: What is missing or contradicts itself, as {at, problem}.
problems contains {"at": entry.file, "problem": "a code is computed: write it out, so that its message can be found"} if {
	some entry in modules.rules
	some report in modules.reports(entry)
	report.code == null
}

problems contains {"at": entry.file, "problem": $"{code} has no message"} if {
	some entry in speaking
	some use in uses[entry.file]
	code := use.code
	not has_message(entry, code)
}

problems contains {"at": entry.file, "problem": $"the message of {code} is never used"} if {
	some entry in speaking
	some code, _ in modules.custom(entry).messages
	not is_used(entry, code)
}

problems contains {"at": entry.file, "problem": $"the message of {use.code} quotes {quoted}, which the code does not carry"} if {
	some entry in speaking
	some use in uses[entry.file]
	some quoted in modules.placeholders(modules.custom(entry).messages[use.code])
	not carries(use, quoted)
}

# A decision's codes stand without its id, so a code means one thing in all of them.
problems contains {"at": entry.file, "problem": $"the message of {code} differs between decisions"} if {
	some entry in modules.decisions
	some other in modules.decisions
	some code, message in modules.custom(entry).messages
	message != modules.custom(other).messages[code]
}

problems contains {"at": pack.folder, "problem": $"messages.nl.yaml lacks {code}"} if {
	some pack in input.packs
	some code, _ in english(pack)
	not has_dutch(pack, code)
}

problems contains {"at": pack.folder, "problem": $"messages.nl.yaml has {code}, which no rule of the pack uses"} if {
	some pack in input.packs
	some code, _ in pack.messages
	not has_english(pack, code)
}

problems contains {"at": pack.folder, "problem": $"the Dutch message of {code} quotes other params than the English one"} if {
	some pack in input.packs
	some code, message in english(pack)
	modules.placeholders(message) != modules.placeholders(pack.messages[code])
}

# METADATA
# description: Every full code by the module that gives it, with the params it carries.
uses[entry.file] contains {"code": concat(".", [modules.custom(entry).id, report.code]), "params": report.params} if {
	some entry in modules.rules
	some report in modules.reports(entry)
}

uses[entry.file] contains {"code": code, "params": answer_params} if {
	some entry in modules.decisions
	some code in modules.reasons(entry)
}

speaking := array.concat(modules.rules, modules.decisions)

has_message(entry, code) if modules.custom(entry).messages[code]

is_used(entry, code) if {
	some use in uses[entry.file]
	use.code == code
}

carries(use, quoted) if quoted in use.params

has_dutch(pack, code) if is_string(pack.messages[code])

has_english(pack, code) if english(pack)[code]

# METADATA
# description: The English messages of all rules and decisions of a pack.
english(pack) := object.union_n([modules.custom(entry).messages | some entry in members(pack)])

members(pack) := [entry |
	some entry in modules.decisions
	some entrypoint in pack.policy.entrypoints
	startswith(entrypoint, concat("", ["assay/", modules.part(entry), "/"]))
] if {
	pack.policy.entrypoints
} else := [entry |
	some entry in modules.rules
	some rule in pack.policy.rules
	rule.id == modules.custom(entry).id
]
