/** What a witness is asked to cosign (C2SP tlog-witness, add-checkpoint). */
export interface Submission {
  /** Submission prefix of the witness, without a slash at its end. */
  readonly url: string;
  /** `old` line, proof lines, empty line, checkpoint. */
  readonly body: string;
}

/**
 * `stale`: the witness has another size than the `old` we said. `refused`: it answered otherwise, with the status
 * of the specification (403 our key, 404 our origin, 422 our history, 400 our sizes) or one of its own.
 * `unreachable`: no answer in time.
 */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly lines: string }
  | { readonly kind: 'stale'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface WitnessClient {
  /** Never throws; ends when aborted, at the latest. */
  submit(submission: Submission, signal: AbortSignal): Promise<WitnessAnswer>;
}
