/** A pack as files, wherever it lies. A source reads; it judges only what its container is (folder, archive). */
export interface PackSource {
  /** Every file, with `/` between the parts of a name. */
  readonly files: readonly PackFile[];
  /** Whether their order is the pack's own, as in an archive, or chance, as in a folder. */
  readonly ordered: boolean;
  /** What is wrong with the container itself; a source opens what it can and says the rest here. */
  readonly problems: readonly SourceProblem[];
  /** Whole content. Throws when the file cannot be read (that is no finding: nothing was learnt). */
  read(name: string): Promise<Uint8Array>;
  /** The same in pieces of at most some hundred kilobytes. A piece is valid until the next one is asked for. */
  stream(name: string): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface PackFile {
  readonly name: string;
  readonly size: number;
}

export interface SourceProblem {
  readonly code: 'archive-malformed' | 'file-kind';
  readonly path: string;
  readonly at?: string;
  readonly detail: string;
}
