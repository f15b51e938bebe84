/** What a principal may be allowed to do. Which access role may is data of the pack policies/access. */
export const PERMISSIONS = [
  'access.read',
  'project.read',
  'artefact.read',
  'artefact.register',
  'evidence.read',
  'evidence.submit',
  'policy.read',
  'policy.check',
  'checklist.read',
  'gate.read',
  'gate.evaluate',
  'decision.read',
  'waiver.read',
  'waiver.request',
  'waiver.approve',
  'waiver.revoke',
  'ledger.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];
