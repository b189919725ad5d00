import fc from 'fast-check';

import type { BinaryNode } from '#simulator/wire/binary-node.ts';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789-.'), minLength: 1 });
const hex = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 1 });
const token = fc.constantFrom('iq', 'type', 's.whatsapp.net', 'receipt', 'read-self', 'w:gp2');
const user = fc.string({ unit: fc.constantFrom(...'0123456789abcxyz'), minLength: 1 });

/** Addresses in the one spelling which every implementation reads back as it was. */
export const address = fc.oneof(
  fc
    .tuple(
      user,
      fc.constantFrom('s.whatsapp.net', 'g.us', 'lid', 'newsletter', 'broadcast', 'msgr'),
    )
    .map(([name, server]) => `${name}@${server}`),
  fc
    .tuple(
      user,
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('s.whatsapp.net', 'lid', 'hosted', 'hosted.lid'),
    )
    .map(([name, device, server]) => `${name}:${device}@${server}`),
);

const freeText = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.toWellFormed());

/** Any text that can be an attribute, also addresses in odd spellings. */
export const anyText = fc.oneof(digits, hex, token, address, freeText);
/**
 * Text without those odd spellings, which Baileys' encoder changes, and without names of
 * Object.prototype, for which it finds no proper token.
 */
export const plainText = fc.oneof(
  digits,
  hex,
  token,
  address,
  freeText.map((text) => text.replaceAll('@', '')).filter((text) => !(text in {})),
);

/** Nodes a few levels deep, made of the given texts. */
export function arbitraryNode(text: fc.Arbitrary<string>): fc.Arbitrary<BinaryNode> {
  const name = text.filter((value) => value !== '');
  const attrs = fc.dictionary(name, text, { maxKeys: 5, noNullPrototype: true });
  return fc.letrec<{ node: BinaryNode }>((tie) => ({
    node: fc
      .record({
        tag: name,
        attrs,
        content: fc.option(
          fc.oneof(
            { depthSize: 'small' },
            fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
            text,
            fc.array(tie('node'), { maxLength: 4 }),
          ),
          { nil: undefined },
        ),
      })
      .map(({ content, ...rest }) => (content === undefined ? rest : { ...rest, content })),
  })).node;
}

type Plain = { tag: string; attrs: Record<string, string>; content?: string | Plain[] };

/** Text content comes back as bytes when it is no token, so that both are compared as latin1. */
export function comparable(node: { tag: string; attrs: object; content?: unknown }): Plain {
  const plain: Plain = { tag: node.tag, attrs: { ...node.attrs } };
  const { content } = node;
  if (Array.isArray(content)) plain.content = content.map(comparable);
  else if (typeof content === 'string') plain.content = Buffer.from(content).toString('latin1');
  else if (content instanceof Uint8Array) plain.content = Buffer.from(content).toString('latin1');
  return plain;
}
