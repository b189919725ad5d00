import type { BotReply, KeywordRule } from '#shared/bot/keyword-rule.ts';

/** A rule as its customer sees it: what may be put in its place, by the same names. */
export function toKeywordView(rule: KeywordRule) {
  const { keywordId, keywords, match, caseSensitive, accentSensitive } = rule;
  const { priority, chats, enabled, reply, createdAt, updatedAt } = rule;
  return {
    _id: keywordId,
    keywords,
    match,
    case_sensitive: caseSensitive,
    accent_sensitive: accentSensitive,
    priority,
    chats,
    enabled,
    reply: toReplyView(reply),
    createdAt,
    updatedAt,
  };
}

function toReplyView(reply: BotReply) {
  switch (reply.type) {
    case 'text':
      return { type: 'text', message: reply.text };
    case 'media': {
      const { kind, source, attachmentId, caption, fileName, mimetype } = reply;
      return {
        type: 'media',
        media_type: kind,
        attachmentId: attachmentId ?? null,
        url: source.kind === 'url' ? source.url : null,
        caption: caption ?? null,
        filename: fileName ?? null,
        mimetype: mimetype ?? null,
      };
    }
    case 'list':
      return { type: 'list', msgdata: toListView(reply.menu) };
    case 'contact': {
      const { organization, ...card } = reply.card;
      return { type: 'contact', vcard: { ...card, organization: organization ?? null } };
    }
  }
}

/** By the names of the customer's page. */
function toListView(menu: Extract<BotReply, { type: 'list' }>['menu']) {
  const { title, text, footer, buttonText, sections } = menu;
  return {
    title: title ?? null,
    text,
    description: footer ?? null,
    buttonText: buttonText ?? null,
    sections: sections.map((section) => ({
      title: section.title ?? null,
      rows: section.rows.map((row) => ({
        title: row.title,
        description: row.description ?? null,
        rowId: row.id,
      })),
    })),
  };
}
