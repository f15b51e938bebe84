import { z } from 'zod';
import { digestOf } from '../../kernel/canonical-json.js';
import { digestFrom, type Digest } from '../../kernel/digest.js';

export const checklistDocumentShape = z.strictObject({
  chkId: z.string(),
  version: z.int().positive(),
  title: z.strictObject({ en: z.string(), nl: z.string() }),
  /** Exactly these versions judge, whatever is published later. */
  policies: z
    .array(
      z.strictObject({
        policyId: z.string(),
        version: z.string(),
        digest: z.string().transform((text) => digestFrom(text)),
        /** Every parameter with the value it has here, defaults included. */
        parameters: z.record(z.string(), z.json()),
      }),
    )
    .min(1),
  /** Days after which evidence of a kind is stale; a kind that is not named never grows stale. */
  freshness: z.record(z.string(), z.int().positive()),
  /** The one module that all its policies were compiled into, where they could be; absent otherwise. */
  bundle: z
    .string()
    .transform((text) => digestFrom(text))
    .exactOptional(),
});

/** A checklist version (CHK_*): the policies and thresholds a gate judges with. Named by its digest. */
export type ChecklistDocument = z.infer<typeof checklistDocumentShape>;

export interface ChecklistVersion {
  readonly digest: Digest;
  readonly document: ChecklistDocument;
  readonly publishedAt: number;
}

/** The checklist that holds an organisation's access policy: its active version is in force. */
export const ACCESS_CHECKLIST = 'CHK_ACCESS';

/** The checklist that holds its process policy: routes and remediations. */
export const PROCESS_CHECKLIST = 'CHK_PROCESS';

/** Checklists whose one pack answers questions instead of judging, and the folder of rego/ that it is written in. */
export const ANSWERING: Readonly<Record<string, string>> = {
  [ACCESS_CHECKLIST]: 'access',
  [PROCESS_CHECKLIST]: 'process',
};

/** What those answer, in words. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  access: 'who may do what',
  process: 'which route a case may take',
};

/**
 * Names what a checklist judges with, whatever its number and however it was compiled: equal content needs no
 * second version.
 */
export function contentDigest({ version: _, bundle: __, ...content }: ChecklistDocument): Digest {
  return digestOf(content);
}

export const checklistDigest = (document: ChecklistDocument): Digest => digestOf(document);
