import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  Checkpoint,
  ConsistencyProof as SdlConsistencyProof,
  InclusionProof as SdlInclusionProof,
  LedgerEntry as SdlEntry,
} from '../api/generated.js';
import { badRequest } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { digestFrom } from '../kernel/digest.js';
import { LedgerDesk } from './ledger-desk.service.js';
import { showEntry } from './ledger.resolver.js';
import { ProofDesk, type OutsideTree } from './proof-desk.service.js';

@Resolver()
export class ProofResolver {
  constructor(
    private readonly desk: LedgerDesk,
    private readonly proofs: ProofDesk,
  ) {}

  @Query()
  @Requires('ledger.read')
  async checkpoint(@Args('size') size: number | null): Promise<Checkpoint | null> {
    const found = await this.proofs.checkpoint(size ?? undefined);
    if (!found) return null;
    const { root, note, cosigned } = found;
    return {
      size: found.size,
      root: base64(root),
      note,
      cosigned: cosigned ?? null,
      vkey: this.desk.vkey,
    };
  }

  @Query()
  @Requires('ledger.read')
  async ledgerEntry(@Args('seq') seq: number, @Caller() actor: Actor): Promise<SdlEntry | null> {
    const entry = seq < 0 ? undefined : await this.desk.entry(actor, seq);
    return entry ? showEntry(entry) : null;
  }

  @Query()
  @Requires('ledger.read')
  async inclusionProof(@Args('seq') seq: number, @Args('size') size: number): Promise<SdlInclusionProof> {
    if (seq < 0) throw badRequest('seq: expected a number from 0');
    const proof = await this.proofs.inclusion(seq, size);
    if (!proof.ok) throw outside('seq < size', proof.problem);
    const { leafHash, root, hashes } = proof.value;
    return {
      seq,
      size,
      leafHash: digestFrom(`sha256:${leafHash.toString('hex')}`),
      root: base64(root),
      hashes: hashes.map(base64),
    };
  }

  @Query()
  @Requires('ledger.read')
  async consistencyProof(@Args('from') from: number, @Args('to') to: number): Promise<SdlConsistencyProof> {
    if (from < 0) throw badRequest('from: expected a number from 0');
    const proof = await this.proofs.consistency(from, to);
    if (!proof.ok) throw outside('from <= to', proof.problem);
    const { fromRoot, toRoot, hashes } = proof.value;
    return { from, to, fromRoot: base64(fromRoot), toRoot: base64(toRoot), hashes: hashes.map(base64) };
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');

const outside = (order: string, { signedSize }: OutsideTree): Error =>
  badRequest(
    `expected ${order}, and no size above ${String(signedSize)}, which the latest checkpoint covers`,
  );
