import { DEFAULT_CONNECTION_CONFIG, type SocketConfig } from '@whiskeysockets/baileys';
import type { AuthState } from '../journal/auth-state.ts';
import { immediateKeys } from './baileys-auth.ts';
import { durableSteps } from './durable-steps.ts';
import { onFittingSession } from './fitting-session.ts';
import type { Inbox, InboxEntry } from './inbox.ts';

type MakeSignalRepository = SocketConfig['makeSignalRepository'];
type Repository = ReturnType<MakeSignalRepository>;

/**
 * Baileys' Signal repository, with *write before wire*. Stock Baileys hands the ciphertext to the socket before
 * the ratchet step is stored, and sends the receipt before it passes the message on (messages-send.js:835,
 * messages-recv.js:1417). A crash between the two reuses a ratchet position, or loses a message.
 *
 * Here encrypting returns when the step is durable, and decrypting when step and plaintext are, in one record.
 */
export function writeBeforeWire(
  state: AuthState,
  inbox: Inbox,
  onMessage: (entry: InboxEntry) => void,
): MakeSignalRepository {
  return (auth, logger, fetchLids) => {
    const keys = immediateKeys(state);
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds: auth.creds, keys },
      logger,
      fetchLids,
    );

    const { durably, decryptOnce } = durableSteps(state, inbox, onMessage);
    return {
      ...inner,
      encryptMessage: (options) => durably(() => inner.encryptMessage(options)),
      encryptGroupMessage: (options) => durably(() => inner.encryptGroupMessage(options)),
      decryptMessage: (options) =>
        decryptOnce(options.ciphertext, () => decryptSafely(inner, options)),
      decryptGroupMessage: (options) =>
        decryptOnce(options.msg, () => inner.decryptGroupMessage(options)),
      // The message that brought the key is not delivered again once it is in the inbox.
      processSenderKeyDistributionMessage: (options) =>
        durably(() => inner.processSenderKeyDistributionMessage(options)),
    };
  };
}

/** A message that starts a session names it; for the others the right one has to be found. */
function decryptSafely(
  inner: Repository,
  options: Parameters<Repository['decryptMessage']>[0],
): Promise<Uint8Array> {
  if (options.type === 'pkmsg') return inner.decryptMessage(options);
  return onFittingSession(options.ciphertext, () => inner.decryptMessage(options));
}
