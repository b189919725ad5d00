import { type BinaryNode, childOf, childrenOf } from '#simulator/wire/binary-node.ts';

/**
 * What the `<biz>` node of a message says of its buttons. The server cannot read the message; it
 * judges this node, and phones show buttons only when it is there. As measured on WhatsApp
 * (tulir/whatsmeow#1235): without it nothing renders, `<biz><buttons/></biz>` is refused with 405,
 * an `<interactive>` that is not whole with 479.
 */
export type BizShape = 'none' | 'native_flow' | 'legacy_buttons' | 'incomplete' | 'other';

export function bizShapeOf(message: BinaryNode): BizShape {
  const biz = childOf(message, 'biz');
  if (!biz) return 'none';
  if (childOf(biz, 'buttons')) return 'legacy_buttons';
  const interactive = childOf(biz, 'interactive');
  if (!interactive) return 'other';
  const isWhole =
    interactive.attrs['type'] === 'native_flow' &&
    childOf(interactive, 'native_flow') !== undefined &&
    childOf(biz, 'quality_control') !== undefined;
  return isWhole ? 'native_flow' : 'incomplete';
}

/** The nodes that recipients get as they are. */
export function bizNodesOf(message: BinaryNode): readonly BinaryNode[] {
  return childrenOf(message, 'biz');
}
