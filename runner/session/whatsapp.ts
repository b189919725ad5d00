import type { LinkedUser } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import type { SocketOptions } from '../whatsapp/baileys-socket.ts';
import type { WhatsAppSocket } from './whatsapp-socket.ts';

/** What one connection of an instance needs to know, whatever network it goes to. */
export type OpenSocketOptions = Omit<SocketOptions, 'url' | 'version'>;

/** A message that we sent, in the form of one that reached us. `undefined` for what no event can show. */
export type ToOwnMessage = (
  message: Message,
  user: LinkedUser | undefined,
) => InboundMessage | undefined;

/** WhatsApp as a runner sees it. `runner/whatsapp/open-whatsapp.ts` has the one by Baileys. */
export type WhatsApp = {
  readonly network: 'whatsapp' | 'simulated';
  /** Opens a connection, which is under way when this returns. */
  readonly openSocket: (options: OpenSocketOptions) => WhatsAppSocket;
  readonly toOwnMessage: ToOwnMessage;
};
