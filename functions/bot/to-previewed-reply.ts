import type { BotReply } from '#shared/bot/keyword-rule.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';

/** What would go out, with its spintax and its tokens resolved. */
export function toPreviewedReply(reply: BotReply, content: MessageContent) {
  switch (reply.type) {
    case 'text':
    case 'list':
      return { type: reply.type, text: 'text' in content ? content.text : '' };
    case 'media': {
      const { kind, source, attachmentId, fileName } = reply;
      return {
        type: reply.type,
        media_type: kind,
        attachmentId: attachmentId ?? null,
        url: source.kind === 'url' ? source.url : null,
        caption: ('caption' in content ? content.caption : undefined) ?? null,
        filename: fileName ?? null,
      };
    }
    case 'contact': {
      const { organization, ...card } = reply.card;
      return { type: reply.type, vcard: { ...card, organization: organization ?? null } };
    }
  }
}
