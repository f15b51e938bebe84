/** Things that lie in one project, by what names them. */
export const PROJECT_THINGS = ['project', 'gate', 'artefact', 'decision', 'waiver', 'grant'] as const;
export type ProjectThing = (typeof PROJECT_THINGS)[number];

/** A thing that a question is about. */
export interface About {
  readonly what: ProjectThing;
  /** Slug, gate id, artefact id, decision id, waiver id, grant id. */
  readonly id: string;
}

/** In which project things lie. Wired in `app`: each of them belongs to another feature. */
export interface ProjectOf {
  /**
   * Undefined when there is no such thing in the organisation, or it lies in no single project – a waiver for a rule
   * everywhere –: then roles in projects count for nothing.
   */
  projectId(orgId: string, about: About): Promise<string | undefined>;
}
