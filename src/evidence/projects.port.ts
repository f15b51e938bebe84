/** What registering an artefact asks of access; wired in `app`. */
export interface ProjectDirectory {
  /** The id of an organisation's project by its slug; undefined when there is none. */
  projectId(orgId: string, slug: string): Promise<string | undefined>;
}
