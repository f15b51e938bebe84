/**
 * Where the database tells of running work (`NOTIFY`), in the transaction that notes it; the payload is the topic, such
 * as `export:<id>`. A hint to look, never a fact.
 */
export const PROGRESS_CHANNEL = 'assay_progress';
