import type { MediaKind } from '#shared/domain/message-content.ts';
import type { Recipient } from '#shared/domain/recipient.ts';

/** A person as far as known: by number, by LID, or both. */
export type Person = { readonly phone?: string; readonly lid?: string; readonly name?: string };

/** open-wa's names of what a message is. */
export type MessageKind =
  | 'chat'
  | 'image'
  | 'video'
  | 'audio'
  | 'ptt'
  | 'document'
  | 'sticker'
  | 'location'
  | 'vcard'
  | 'multi_vcard'
  | 'revoked'
  | 'buttons_response'
  | 'list_response'
  | 'poll_creation'
  | 'order'
  | 'unknown';

export type QuotedMessage = { readonly waId: string; readonly body: string };

/** Where WhatsApp has the file of a message, and how it is opened. All of it is the sender's word. */
export type InboundMediaReference = {
  readonly kind: MediaKind;
  /** Its path on whichever of WhatsApp's hosts: the message names a host too, which is not to be believed. */
  readonly directPath: string;
  readonly mediaKey: Uint8Array;
  readonly fileSha256: Uint8Array;
  readonly fileEncSha256: Uint8Array;
  readonly fileLength: number;
  readonly mimetype: string;
};

/** An order out of the catalog. Its items are WhatsApp's, and asked for by nobody here. */
type InboundOrder = {
  readonly id: string;
  readonly title?: string;
  readonly itemCount?: number;
  /** In thousandths of the currency. */
  readonly total1000?: number;
  readonly currency?: string;
};

/** The message that another one is about. */
export type InboundTarget = {
  readonly waId: string;
  readonly fromMe: boolean;
  readonly author: Person;
};

/** What a message does to another one. Whether its sender may do so has been looked at. */
export type InboundAct =
  /** An empty `emoji` takes the reaction back. */
  | { readonly kind: 'reaction'; readonly target: InboundTarget; readonly emoji: string }
  /** The content of the message is the new one. */
  | { readonly kind: 'edit'; readonly target: InboundTarget }
  | { readonly kind: 'revoke'; readonly target: InboundTarget }
  | { readonly kind: 'vote'; readonly target: InboundTarget; readonly vote: SealedVote };

/** A vote as it came: who has the poll can open it. */
type SealedVote = { readonly payload: Uint8Array; readonly iv: Uint8Array };

/** What a message says, without WhatsApp's wrapping. */
export type InboundContent = {
  readonly kind: MessageKind;
  /** The text, or the caption of media. */
  readonly text: string;
  readonly caption?: string;
  readonly mimetype?: string;
  /** `undefined` for a file that this device cannot open: one that is shown once, on the phone. */
  readonly media?: InboundMediaReference;
  readonly fileName?: string;
  readonly width?: number;
  readonly height?: number;
  /** How long it plays. */
  readonly seconds?: number;
  readonly latitude?: number;
  readonly longitude?: number;
  /** The id of the button or row that was chosen, where WhatsApp itself says so. */
  readonly selectedId?: string;
  readonly order?: InboundOrder;
  readonly quoted?: QuotedMessage;
  readonly mentioned: readonly string[];
};

/** A message that reached this device: from somebody else, or from another device of the same account. */
export type InboundMessage = {
  readonly waId: string;
  /** The instance's own number. */
  readonly ownPhone: string;
  readonly chat: Recipient;
  /** In a chat with one person: who that is. */
  readonly partner?: Person;
  readonly sender: Person;
  readonly fromMe: boolean;
  readonly at: Date;
  /** It was sent while this device was not connected. */
  readonly backlog: boolean;
  readonly content: InboundContent;
  /** Absent from a message that stands for itself. */
  readonly act?: InboundAct;
  /** How it came, if not in its chat alone: as a status, or by a list of recipients. The chat is its sender's then. */
  readonly via?: 'status' | 'broadcast';
  /** The chat, and in a group the author, by the addresses that WhatsApp used. */
  readonly remoteJid: string;
  readonly participant?: string;
  /** WhatsApp's message as it came (protobuf), in base64. */
  readonly wire: string;
  /** The WhatsApp message as JSON: `key`, `message`, `messageTimestamp`, `pushName`. */
  readonly raw: unknown;
};
