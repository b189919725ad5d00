import type { LinkedUser } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';
import type { InboundAct, InboundMessage, Person } from '../inbound/inbound-message.ts';
import type { SocketOptions } from '../whatsapp/baileys-socket.ts';
import type { WhatsAppSocket } from './whatsapp-socket.ts';

/** What one connection of an instance needs to know, whatever network it goes to. */
export type OpenSocketOptions = Omit<SocketOptions, 'url' | 'version'>;

/** A message that we sent, in the form of one that reached us. `undefined` for what no event can show. */
export type ToOwnMessage = (
  message: Message,
  user: LinkedUser | undefined,
) => InboundMessage | undefined;

/** A message that was kept, in the form in which it reached us. `undefined` for what no event can show. */
export type ReadReceived = (
  kept: ReceivedMessage,
  user: LinkedUser | undefined,
) => InboundMessage | undefined;

type Vote = Extract<InboundAct, { kind: 'vote' }>;
/** What a poll offers, and which of it was chosen. */
type OpenedVote = {
  readonly options: readonly string[];
  readonly selected: readonly string[];
};
/** Opens a vote with the poll itself (its `wire`). `undefined` when it is none of that poll. */
export type OpenVote = (vote: Vote, voter: Person, poll: string) => OpenedVote | undefined;

/** WhatsApp as a runner sees it. `runner/whatsapp/open-whatsapp.ts` has the one by Baileys. */
export type WhatsApp = {
  readonly network: 'whatsapp' | 'simulated';
  /** Opens a connection, which is under way when this returns. */
  readonly openSocket: (options: OpenSocketOptions) => WhatsAppSocket;
  readonly toOwnMessage: ToOwnMessage;
  readonly readReceived: ReadReceived;
  readonly openVote: OpenVote;
};
