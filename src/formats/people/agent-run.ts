import { z } from 'zod';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import { readOwn } from './own-format.js';

export const AGENT_RUN_FORMAT = 'assay.agent-run/1';

const name = z.string().min(1).max(200);

/** The headers of the agents that worked on an artefact, as the customer's event log names their fields. */
export const agentRunFile = z.strictObject({
  format: z.literal(AGENT_RUN_FORMAT),
  runs: z
    .array(
      z.strictObject({
        agentId: name,
        modelName: name,
        modelVersion: name,
        temperature: z.string().regex(/^\d{1,2}(\.\d{1,6})?$/, 'a decimal number as text'),
        presetId: name,
        promptHash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hex digits'),
      }),
    )
    .max(10_000),
});

/** Reads agent headers: all six fields or none, since a half-said header governs nothing. */
export function normaliseAgentRun(value: JsonValue): EvidenceDocument {
  const read = readOwn(agentRunFile, value);
  if (!read.ok) return unreadable(AGENT_RUN_FORMAT, ['agent-run'], read.problem);
  const { runs } = read.value;
  return aDocument({
    format: AGENT_RUN_FORMAT,
    formatVersion: '1',
    kinds: ['agent-run'],
    state: runs.length === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: runs.length === 0 ? [{ code: 'people.no-runs', params: {} }] : [],
    agentRuns: runs,
  });
}
