import { WireError } from './wire-error.ts';

/** One stanza of WhatsApp's binary XML: a tag, string attributes, and children, bytes or text. */
export type BinaryNode = {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly content?: readonly BinaryNode[] | Uint8Array | string;
};

/** The first child with this tag. */
export function childOf(node: BinaryNode, tag: string): BinaryNode | undefined {
  return childrenOf(node).find((child) => child.tag === tag);
}

/** All children, or all with this tag; none when the content is text or bytes. */
export function childrenOf(node: BinaryNode, tag?: string): readonly BinaryNode[] {
  const { content } = node;
  if (content === undefined || typeof content === 'string' || content instanceof Uint8Array) {
    return [];
  }
  return tag === undefined ? content : content.filter((child) => child.tag === tag);
}

/** The content as bytes (text as UTF-8). Throws WireError when there is no node or it has none. */
export function bytesOf(node: BinaryNode | undefined): Buffer {
  const content = node?.content;
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }
  throw new WireError(`The node ${node?.tag ?? '(missing)'} has no bytes.`);
}
