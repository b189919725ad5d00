/** Bytes that are not WhatsApp's wire format, or that pass one of our limits. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
