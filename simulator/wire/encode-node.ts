import type { BinaryNode } from './binary-node.ts';
import { ByteWriter } from './byte-writer.ts';
import { TAG } from './token-dictionary.ts';
import { WireError } from './wire-error.ts';
import { writeByteLength, writeText } from './write-text.ts';

/** The flag byte before a node that is not compressed. */
const PLAIN_FLAG = 0;
const LIST_ITEMS_MAX = 0xffff;

/** The flag byte and the node in WhatsApp's binary XML. Throws WireError for a node without a tag. */
export function encodeNode(node: BinaryNode): Buffer {
  const writer = new ByteWriter();
  writer.writeInteger(PLAIN_FLAG, 1);
  writeNode(writer, node);
  return writer.finish();
}

/** A node is a list: its tag, its attributes in pairs, and its content if there is any. */
function writeNode(writer: ByteWriter, { tag, attrs, content }: BinaryNode): void {
  if (tag === '') throw new WireError('A node must have a tag.');
  const attributes = Object.entries(attrs);
  writeListStart(writer, 1 + 2 * attributes.length + (content === undefined ? 0 : 1));
  writeText(writer, tag);
  for (const [name, value] of attributes) {
    writeText(writer, name);
    writeText(writer, value);
  }
  if (content !== undefined) writeContent(writer, content);
}

function writeContent(writer: ByteWriter, content: NonNullable<BinaryNode['content']>): void {
  if (typeof content === 'string') {
    writeText(writer, content);
  } else if (content instanceof Uint8Array) {
    writeByteLength(writer, content.length);
    writer.writeBytes(content);
  } else {
    writeListStart(writer, content.length);
    for (const child of content) writeNode(writer, child);
  }
}

function writeListStart(writer: ByteWriter, items: number): void {
  if (items > LIST_ITEMS_MAX) throw new WireError('A list of the node is too long.');
  if (items === 0) {
    writer.writeInteger(TAG.listEmpty, 1);
  } else if (items <= 0xff) {
    writer.writeBytes([TAG.list8, items]);
  } else {
    writer.writeInteger(TAG.list16, 1);
    writer.writeInteger(items, 2);
  }
}
