/** What the process asks of access; wired in `app`. */
export interface ProcessDirectory {
  /** The id of an organisation's project by its slug; undefined when there is none. */
  projectId(orgId: string, slug: string): Promise<string | undefined>;
  isPrincipal(orgId: string, principalId: string): Promise<boolean>;
}
