import type { EntryKind } from '../../src/ledger/entry.js';

/** What an entry of each kind proves, once its leaf, signature and place in the tree hold: a line of docs/AUDITING.md. */
export const PROVES: Readonly<Record<EntryKind, string>> = {
  'organisation.created': 'that the organisation was made, and when; nothing of it is older',
  'project.created': 'that a project of this slug was made, by whom',
  'principal.added': 'that a login was let in, of which kind, by whom; their name is in the body',
  'principal.disabled': 'that somebody was shut out, from then on, by whom; the reason is in the body',
  'principal.enabled': 'that somebody was let in again, by whom',
  'grant.given':
    'that somebody had an access role from then on, everywhere or in one project, and who gave it',
  'grant.revoked': 'that they had it no longer, and who took it',
  'access.denied': 'that the access policy refused somebody a permission, for which reason, with which roles',
  'policy.draft-saved': 'that a version of a draft with these bytes was saved, by whom: they are its author',
  'policy.draft-discarded': 'that a draft was thrown away, by whom',
  'policy.review-requested': 'what was frozen for review, by digest, whose work it was, and who asked',
  'policy.reviewed': 'that somebody who is none of its authors approved it, or that changes were asked for',
  'policy.published': 'that this policy version stands for these bytes, and nothing else ever will',
  'policy.retired': 'that a version was taken out of choice, by whom; those that pin it go on',
  'checklist.published': 'which policy versions, parameters and freshness this checklist version pins',
  'checklist.activated': 'which version was in force from then on, and which before; who put it there',
  'gate.defined':
    'all that this version of a gate says: checklist, owner, severity rules, deadlines, who may waive',
  'artefact.registered':
    'that these bytes were known under this name at that time, and who is said to have made them',
  'artefact.related': 'that somebody stated where an artefact version comes from',
  'evidence.received':
    'that these bytes were handed in about this artefact version, by whom, when; secrets were masked',
  'evidence.normalised':
    'what was read in them: the digest of the document that policies saw, its state and worst severity',
  'scan.requested': 'which scanners were to look at which source, asked by whom',
  'scan.finished': 'how one scanner ended, and which evidence it left',
  'decision.recorded':
    'the verdict with and without waivers, and by digest all that it was judged with: it can be judged again',
  'policy-decision': 'what a policy answered to a question of its own; no verdict',
  'decision.stale':
    'that the gate would judge with something else from then on, and which entry is the cause',
  'gate-run.retried': 'that an attempt failed for our own fault, why, and when the next one was due',
  'gate-run.paused': 'that the attempts were used up, and for which role the run waited until when',
  'gate-run.resumed': 'that somebody whom the access policy let had it tried once more',
  'gate-run.overridden':
    'that a person let it go on without a verdict, resting on these waivers; the ERROR stays',
  'gate-run.rejected': 'that a person sent the artefact back, why, and which fix task was opened',
  'gate-run.escalated': 'that it was late, and which role was told',
  'waiver.requested': 'what was to be excused, from when until when, asked by whom: excuses nothing',
  'waiver.approved':
    'that a person other than who asked approved; in whose place, and how they had logged in',
  'waiver.refused': 'that somebody refused it: it never excuses anything',
  'waiver.withdrawn': 'that who asked took it back before it was in force',
  'waiver.revoked': 'that it excused nothing from then on, and who ended it',
  'waiver.expired': 'that its end had passed and was noted; until when it held, the request says',
  'waiver.escalated': 'that nobody had answered in time, and which role was told',
  'waiver-delegation.given': 'that a person might approve in the place of another, from when until when',
  'waiver-delegation.withdrawn': 'that they no longer might',
  'work-item.saved':
    'what a case was at this version: its place in the tree, status, hours; the title is in the body',
  'route.chosen': 'by which route a case went, and by which policy version that was allowed',
  'route.reviewed': 'that the route was looked at again, and whether the case still fitted it',
  'template.published': 'which activities, in which order, with which gates this template version demands',
  'step.recorded': 'that an activity was begun or finished, by whom, with these artefact versions',
  'criterion.stated': 'what a case had to satisfy, and the ids of the tests that are said to show it',
  'process-role.assigned': 'that somebody acted in this capacity in the project from then on',
  'process-role.withdrawn': 'that they no longer did',
  'fix-task.opened': 'that something had to be mended, why, and what it hangs on',
  'fix-task.closed': 'that it was said to be mended, by whom',
  'export.requested': 'that somebody asked for a pack of this range, under this checkpoint',
  'export.made': 'the digest of the pack that was made: another one is not it',
  'export.handed-over': 'to whom it was handed, and when',
  'person.erased':
    'that the key of a person was destroyed, on whose order; the facts stay, their names do not',
  'hold.set': 'that nothing within a scope might be erased from then on, and by whose order',
  'hold.lifted': 'that it might again',
  'log.continued': 'that this log goes on from another, at which size and root that one ended',
};
