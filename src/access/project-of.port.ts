/** Things that lie in one project, by what names them. */
export const PROJECT_THINGS = [
  'project',
  'gate',
  'artefact',
  'decision',
  'run',
  'waiver',
  'case',
  'grant',
  // Where a command may also make the thing: of one that is not there yet, the project it is made in decides.
  'gateIfDefined',
  'artefactIfKnown',
  'caseIfSaved',
] as const;
export type ProjectThing = (typeof PROJECT_THINGS)[number];

/** A thing that a question is about. */
export interface About {
  readonly what: ProjectThing;
  /** Slug, or the thing's own id. */
  readonly id: string;
}

/** In which project things lie. Wired in `app`: each of them belongs to another feature. */
export interface ProjectOf {
  /**
   * Undefined when there is no such thing in the organisation, or it lies in no single project – a waiver for a rule
   * everywhere –: then roles in projects count for nothing. Null when what a command may make is not there yet: then
   * it says nothing about where.
   */
  projectId(orgId: string, about: About): Promise<string | null | undefined>;
}
