import type { NamedArtefactVersion } from './artefact.read.js';
import type { Artefact, ArtefactVersion } from './artefact.js';
import type { Digest } from '../kernel/digest.js';

/** Artefacts and their versions: rows that are only ever added. Lives on one transaction. */
export interface ArtefactStore {
  /** The artefact as it stands afterwards: this one, or the one that had the id already. */
  ensureArtefact(artefact: Artefact): Promise<Artefact>;
  /** False when the version exists, and then nothing is written: `findVersion` sees what does. */
  addVersion(version: ArtefactVersion): Promise<boolean>;
  findVersion(orgId: string, artId: string, digest: Digest): Promise<NamedArtefactVersion | undefined>;
}
