import type { CloseReason } from '../session/whatsapp-socket.ts';

/**
 * Why a Baileys socket closed, from `lastDisconnect.error.output.statusCode` (Baileys lib/Types/index.js,
 * DisconnectReason). 408 means several things: no connection, a silent one, and the last QR code run out.
 */
export function toCloseReason(statusCode: number | undefined, codesRanOut: boolean): CloseReason {
  switch (statusCode) {
    case 515:
      return 'restart_required';
    case 408:
      return codesRanOut ? 'pairing_expired' : 'connection_lost';
    case 503:
      return 'unavailable';
    case 440:
      return 'replaced';
    case 401:
      return 'logged_out';
    case 403:
    case 411:
    case 419:
      return 'forbidden';
    case 405:
      return 'outdated_client';
    case 500:
      return 'bad_session';
    case 400:
      return 'handshake_failed';
    default:
      return 'connection_lost';
  }
}

/** The status code that Baileys packs into its errors (a Boom's `output.statusCode`). */
export function statusCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('output' in error)) return undefined;
  const { output } = error;
  if (typeof output !== 'object' || output === null || !('statusCode' in output)) return undefined;
  return typeof output.statusCode === 'number' ? output.statusCode : undefined;
}
