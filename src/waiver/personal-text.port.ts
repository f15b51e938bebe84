/** Free text of persons, which lives encrypted in the ledger and nowhere else. Wired in `app`. */
export interface PersonalText {
  /** Why a waiver was asked for; null when it was erased or the waiver does not exist. */
  reasonOf(orgId: string, waiverId: string): Promise<string | null>;
}
