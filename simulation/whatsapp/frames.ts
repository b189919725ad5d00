import type { CloseReason, Receipt } from '#runner/session/whatsapp-socket.ts';
import type { LinkedUser } from '#shared/domain/instance.ts';

/** What a runner's socket puts on the wire. */
export type ClientFrame =
  | { readonly kind: 'login' }
  | {
      readonly kind: 'message';
      readonly waId: string;
      readonly chatId: string;
      /** Of the ratchet between the device and the chat. */
      readonly position: number;
      /** Stands for the ciphertext: two messages never encrypt to the same, as their padding is random. */
      readonly cipher: string;
      readonly text: string;
    }
  | { readonly kind: 'receipt'; readonly id: string }
  /** The keep-alive, which waits for no record. */
  | { readonly kind: 'ping' };

/** What WhatsApp sends to a device. */
export type ServerFrame =
  | { readonly kind: 'open'; readonly user: LinkedUser }
  | { readonly kind: 'ack'; readonly waId: string }
  | { readonly kind: 'progress'; readonly receipt: Receipt }
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly chatId: string;
      readonly position: number;
      readonly ciphertext: Uint8Array;
      readonly plaintext: Uint8Array;
      readonly atS: number;
    }
  | { readonly kind: 'close'; readonly reason: CloseReason };

export type InboundFrame = Extract<ServerFrame, { kind: 'message' }>;
export type OutboundFrame = Extract<ClientFrame, { kind: 'message' }>;
