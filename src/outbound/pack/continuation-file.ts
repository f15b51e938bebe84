import { checkStatement, parseLeaf } from '../../ledger/leaf.js';
import { hashLeaf } from '../../ledger/merkle.js';
import type { WalkedLog } from './log-files.js';
import { PackRefused, smallFile, type PackFile } from './pack.js';
import type { PackContinuation, PackSource } from './pack-source.port.js';
import { Prover } from './prover.js';

/**
 * `continuations/<seq>.jsonl`: the leaf of an entry `log.continued` and the statement that it commits to, a line each.
 * With it a checkpoint of the former log can be held against this one: the statement names its key. `signers` are the
 * known decision keys: base64 of SubjectPublicKeyInfo.
 */
export async function* continuationFiles(
  source: Pick<PackSource, 'continuations' | 'leafHashes'>,
  log: WalkedLog,
  signers: ReadonlySet<string>,
): AsyncGenerator<PackFile> {
  const prover = new Prover(log, (first, end) => source.leafHashes(first, end));
  for await (const continuation of source.continuations()) {
    const { seq, leaf, statement } = continuation;
    requireSigned(continuation, signers);
    await prover.prove(seq, hashLeaf(Buffer.from(leaf)));
    yield smallFile(`continuations/${String(seq)}.jsonl`, `${leaf}\n${statement}\n`);
  }
}

function requireSigned({ seq, leaf, statement }: PackContinuation, signers: ReadonlySet<string>): void {
  const parsed = parseLeaf(leaf);
  if (!parsed.ok || checkStatement(parsed.value, statement) !== 'fits')
    throw new PackRefused('decision', 'the statement of a continuation is not the one that was signed', seq);
  if (!signers.has(parsed.value.publicKey.toString('base64')))
    throw new PackRefused('keys', 'signed with a key that decision.pub would not hold', seq);
}
