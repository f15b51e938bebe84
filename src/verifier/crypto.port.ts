/**
 * The only cryptography the verifier needs. Node's is in `crypto.io.ts`; a browser brings a SHA-256 of its own
 * (WebCrypto has none that answers at once) and WebCrypto's two verifications.
 */
export interface Crypto {
  /** 32 bytes. Called some ten times per decision. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** For what is too large to hold. */
  startSha256(): RunningSha256;
  /** RFC 8032. `key` has 32 bytes. Any malformed argument is an answer of false, never an exception. */
  verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** ECDSA P-256 with SHA-256, signature in ASN.1 DER, `spki` in DER. False for whatever is malformed. */
  verifyP256(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface RunningSha256 {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}
