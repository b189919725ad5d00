import type { WhatsApp } from '../session/whatsapp.ts';
import { BaileysSocket } from './baileys-socket.ts';
import { useNativeSignatures } from './native-signatures.ts';
import { findVersion, type Network, trustNetwork } from './network.ts';
import { openVote } from './open-vote.ts';
import { toOwnMessage } from './own-message.ts';
import { readReceived } from './read-received.ts';

/** The way to a network by Baileys. It asks the real one which version to log in as. */
export async function openWhatsApp(network: Network): Promise<WhatsApp> {
  trustNetwork(network);
  useNativeSignatures();
  const version = await findVersion(network);
  const url = network.kind === 'simulated' ? network.url : undefined;
  return {
    network: network.kind,
    openSocket: (options) => new BaileysSocket({ ...options, version, url }),
    toOwnMessage,
    readReceived,
    openVote,
  };
}
