import type { LinkedUser } from '#shared/domain/instance.ts';
import type { Recipient } from '#shared/domain/recipient.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import type { Notice } from '../inbound/notice.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** WhatsApp's hosts for files, the best first (with a port, it may be), and the token that an upload brings. */
export type MediaConnection = { readonly hosts: readonly string[]; readonly auth: string };

/** Why a connection ended. `runner/whatsapp/close-reason.ts` has the code of each. */
export type CloseReason =
  /** The server asks for a new connection at once: after pairing, and now and then (515). */
  | 'restart_required'
  /** The connection broke or went silent, or an answer did not come (428, 408). */
  | 'connection_lost'
  /** Nobody scanned the code in time (408 before a device is linked). */
  | 'pairing_expired'
  /** WhatsApp has trouble of its own (503). */
  | 'unavailable'
  /** Another socket logged in with our keys (440). */
  | 'replaced'
  /** The phone removed the device, or WhatsApp no longer knows it (401). */
  | 'logged_out'
  /** The account is banned or refused (403, 419), or cannot be used with linked devices (411). */
  | 'forbidden'
  /** WhatsApp refuses the client version (405). */
  | 'outdated_client'
  /** Any other stream error (500). */
  | 'bad_session'
  /** TLS or the handshake failed: the server is not WhatsApp, or the configuration is wrong (400). */
  | 'handshake_failed'
  /** The auth state could not be written; memory may be ahead of it. */
  | 'storage_failed'
  /** Somebody else writes this instance's auth state. */
  | 'overtaken'
  /** This instance's auth state was damaged, and is not believed. */
  | 'journal_corrupt'
  /** A message was not acknowledged in time, so that the connection cannot be trusted. */
  | 'ack_timeout'
  /** We closed it. */
  | 'stopped';

/** What WhatsApp says of a number. */
export type NumberCheck = {
  readonly exists: boolean;
  readonly jid?: string;
  readonly lid?: string;
};
/** A message of somebody else, by the addresses that it came with. */
export type ReadMessage = {
  readonly waId: string;
  readonly remoteJid: string;
  readonly participant?: string | undefined;
};
export type Presence = 'composing' | 'recording' | 'paused';

/** WhatsApp's word on a message of ours. `error` is its code of refusal, 463 for one. */
export type ServerAck = { readonly waId: string; readonly error?: string };
export type Receipt = {
  readonly waIds: readonly string[];
  readonly state: 'DELIVERED' | 'READ' | 'PLAYED';
};

/** What a session hears from its socket. None may throw. */
export type SocketListener = {
  /** A code to scan, valid until then. */
  onQr(code: string, expiresAt: Date): void;
  /** A device was linked: its keys are in the auth state. */
  onLinked(): void;
  /** Logged in; messages can be sent. */
  onOpen(user: LinkedUser): void;
  /** A message is in the inbox, durable. Comes again after a crash until `done` was called. */
  onMessage(message: InboundMessage, done: () => void): void;
  onAck(ack: ServerAck): void;
  onReceipt(receipt: Receipt): void;
  /** Something beside messages. It is kept nowhere, and may come again. */
  onNotice(notice: Notice): void;
};

/** One connection to WhatsApp. It never reconnects: the session decides what comes next. */
export interface WhatsAppSocket {
  /** Resolves once, with why; never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Whether messages can be sent. */
  readonly isOpen: boolean;
  /**
   * Resolves when the frame was handed to the connection, its ratchet step durable. A rejection means *unknown*:
   * the frame may have left; but with `SendRefused` nothing has, and nothing ever will.
   */
  send(message: OutgoingMessage): Promise<void>;
  /** Whether the number, digits alone, is on WhatsApp. */
  checkNumber(phone: string): Promise<NumberCheck>;
  /** What the people in the chat see us do. */
  showPresence(chat: Recipient, presence: Presence): Promise<void>;
  /** Tells the senders that their messages were read. */
  markRead(messages: readonly ReadMessage[]): Promise<void>;
  /** Where files go to and come from, for a socket that is open. `renew` when a token was refused. */
  mediaConnection(options?: { readonly renew?: boolean }): Promise<MediaConnection>;
  /** The 8 characters that are typed on the phone, for a socket that waits for its code to be scanned. */
  requestPairingCode(phone: string): Promise<string>;
  /** Removes this device from the account, then closes. */
  logout(): Promise<void>;
  close(reason: CloseReason): Promise<void>;
}
