import type { BinaryNode } from '@whiskeysockets/baileys';

/**
 * What must go with buttons of the native flow. Without these nodes WhatsApp takes the message and no app shows it; a
 * bare `<interactive>` is refused with 479 (facts measured on a real device: tulir/whatsmeow#1235).
 */
export function nativeFlowNodes(at: Date): BinaryNode[] {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  return [
    {
      tag: 'biz',
      attrs: { actual_actors: '2', host_storage: '2', privacy_mode_ts: seconds },
      content: [
        {
          tag: 'interactive',
          attrs: { type: 'native_flow', v: '1' },
          content: [{ tag: 'native_flow', attrs: { v: '9', name: 'mixed' } }],
        },
        { tag: 'quality_control', attrs: { source_type: 'third_party' } },
      ],
    },
  ];
}
