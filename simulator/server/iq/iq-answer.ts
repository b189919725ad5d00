import type { DeviceAddress } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

/** What the server answers to a query. */
export type IqAnswer =
  | { readonly kind: 'result'; readonly content?: readonly BinaryNode[] }
  | { readonly kind: 'error'; readonly code: number; readonly text: string };

/** Answers the iqs of one namespace; runs in a transaction that commits before the answer. */
export type IqHandler = (iq: BinaryNode, asker: DeviceAddress, network: Network) => IqAnswer;

/** "Done", and what WhatsApp answers to much that we do not know. */
export const EMPTY_RESULT: IqAnswer = { kind: 'result' };

export const ITEM_NOT_FOUND: IqAnswer = { kind: 'error', code: 404, text: 'item-not-found' };
export const FORBIDDEN: IqAnswer = { kind: 'error', code: 403, text: 'forbidden' };
export const BAD_REQUEST: IqAnswer = { kind: 'error', code: 400, text: 'bad-request' };

/** A result with these children. */
export function resultOf(...content: readonly BinaryNode[]): IqAnswer {
  return { kind: 'result', content };
}
