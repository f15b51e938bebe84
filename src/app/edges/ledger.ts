import { ErasureService } from '../../ledger/erasure.service.js';
import { HoldService } from '../../ledger/hold.service.js';
import { LedgerDesk } from '../../ledger/ledger-desk.service.js';
import { LedgerResolver } from '../../ledger/ledger.resolver.js';
import { ProofDesk } from '../../ledger/proof-desk.service.js';
import { ProofResolver } from '../../ledger/proof.resolver.js';
import { ProtectionDesk } from '../../ledger/protection-desk.service.js';
import {
  ErasureResolver,
  HoldResolver,
  PersonResolver,
  ProtectionResolver,
} from '../../ledger/protection.resolver.js';
import { TileServer } from '../../ledger/tile-server.service.js';
import { supply, type Edge } from './edge.js';

export const ledgerEdge: Edge = {
  resolvers: [
    LedgerResolver,
    ProofResolver,
    ProtectionResolver,
    PersonResolver,
    ErasureResolver,
    HoldResolver,
  ],
  services: (services) => [
    supply(LedgerDesk, services.ledgerDesk),
    supply(ProofDesk, services.proofDesk),
    supply(TileServer, services.tileServer),
    supply(ErasureService, services.erasing),
    supply(HoldService, services.holding),
    supply(ProtectionDesk, services.protectionDesk),
  ],
};
