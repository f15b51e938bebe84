import { accessEdge } from './access.js';
import { evidenceEdge } from './evidence.js';
import { findEdge } from './find.js';
import { gateEdge } from './gate.js';
import { insightEdge } from './insight.js';
import { ledgerEdge } from './ledger.js';
import { outboundEdge } from './outbound.js';
import { policyEdge } from './policy.js';
import { processEdge } from './process.js';
import { scanEdge } from './scan.js';
import { waiverEdge } from './waiver.js';

/** All that the API door answers, a feature each. */
export const EDGES = [
  accessEdge,
  policyEdge,
  evidenceEdge,
  processEdge,
  scanEdge,
  waiverEdge,
  gateEdge,
  ledgerEdge,
  outboundEdge,
  insightEdge,
  findEdge,
] as const;
