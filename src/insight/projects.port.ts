/** What insight asks of access: which project a slug names. */
export interface ProjectsBySlug {
  projectBySlug(orgId: string, slug: string): Promise<{ readonly projectId: string } | undefined>;
}
