import { SERVER_JID } from '#simulator/addresses.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

/** Seconds since 1970, as the attribute `t` has them. */
export function unixTime(time: Date): string {
  return String(Math.floor(time.getTime() / 1_000));
}

/** The answer to an iq; `content` is what was asked for. */
export function iqResult(iq: BinaryNode, content?: readonly BinaryNode[]): BinaryNode {
  const attrs = { from: iq.attrs['to'] ?? SERVER_JID, type: 'result', id: iq.attrs['id'] ?? '' };
  return content ? { tag: 'iq', attrs, content } : { tag: 'iq', attrs };
}

/** The refusal of an iq. */
export function iqError(iq: BinaryNode, code: number, text: string): BinaryNode {
  return {
    tag: 'iq',
    attrs: { from: iq.attrs['to'] ?? SERVER_JID, type: 'error', id: iq.attrs['id'] ?? '' },
    content: [{ tag: 'error', attrs: { code: String(code), text } }],
  };
}

/** An iq of the server's own to a companion that is being linked. */
export function mdIq(id: string, content: readonly BinaryNode[]): BinaryNode {
  return { tag: 'iq', attrs: { from: SERVER_JID, type: 'set', id, xmlns: 'md' }, content };
}

/** 515 after pairing, 503, or any other code; 401 says that the device was removed. */
export function streamErrorNode(code: number): BinaryNode {
  if (code === 401) return deviceRemovedNode();
  return { tag: 'stream:error', attrs: { code: String(code) } };
}

export function deviceRemovedNode(): BinaryNode {
  return {
    tag: 'stream:error',
    attrs: { code: '401' },
    content: [{ tag: 'conflict', attrs: { type: 'device_removed' } }],
  };
}

export function replacedNode(): BinaryNode {
  return {
    tag: 'stream:error',
    attrs: {},
    content: [{ tag: 'conflict', attrs: { type: 'replaced' } }],
  };
}

/** The answer to a login that is refused. */
export function failureNode(reason: number): BinaryNode {
  return { tag: 'failure', attrs: { reason: String(reason), location: 'sim' } };
}

/** A big-endian number as a node's content. */
export function uintNode(tag: string, value: number, bytes: number): BinaryNode {
  const content = Buffer.alloc(bytes);
  content.writeUIntBE(value, 0, bytes);
  return { tag, attrs: {}, content };
}

/** A node whose content is bytes. */
export function bytesNode(tag: string, content: Uint8Array): BinaryNode {
  return { tag, attrs: {}, content };
}
