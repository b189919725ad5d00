/** A handshake or frame that is not authentic, not well-formed, or not due now. */
export class NoiseError extends Error {
  override readonly name = 'NoiseError';
}
