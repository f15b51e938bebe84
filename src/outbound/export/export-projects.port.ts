/** Projects as access knows them; wired in `app`. */
export interface ExportProjects {
  /** The project of this slug or id; undefined when the organisation has none. */
  projectId(orgId: string, slugOrId: string): Promise<string | undefined>;
}
