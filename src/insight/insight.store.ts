/** The read models of the key figures. Lives on one transaction. */
export interface InsightStore {
  /** Reads at most so many entries on; answers how many. 0 also while another replica does. */
  readOn(limit: number): Promise<number>;
  /** Forgets everything that was read: the next step begins with the first entry. */
  empty(): Promise<void>;
}
