import * as z from 'zod';
import { KeywordMatch, RuleChats } from '#shared/bot/keyword-rule.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import { MediaKind } from '#shared/domain/message-content.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';
import { CURSOR, PAGE_FIELDS } from '../page.ts';
import { PLACEHOLDERS } from '../placeholders.ts';

const Text = z.string().nullable();
const VcardView = z.strictObject({
  fullName: z.string(),
  displayName: z.string(),
  organization: Text,
  phoneNumber: z.string(),
});
const FILE_VIEW = {
  media_type: MediaKind,
  attachmentId: ObjectId.nullable(),
  url: Text,
  caption: Text,
  filename: Text,
} as const;
const ListView = z.strictObject({
  title: Text,
  text: z.string(),
  description: Text,
  buttonText: Text,
  sections: z.array(
    z.strictObject({
      title: Text,
      rows: z.array(z.strictObject({ title: z.string(), description: Text, rowId: z.string() })),
    }),
  ),
});
const ReplyView = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), message: z.string() }),
  z.strictObject({ type: z.literal('media'), ...FILE_VIEW, mimetype: Text }),
  z.strictObject({ type: z.literal('list'), msgdata: ListView }),
  z.strictObject({ type: z.literal('contact'), vcard: VcardView }),
]);
const KeywordView = z.strictObject({
  _id: ObjectId,
  keywords: z.array(z.string()),
  match: KeywordMatch,
  case_sensitive: z.boolean(),
  accent_sensitive: z.boolean(),
  priority: z.int(),
  chats: RuleChats,
  enabled: z.boolean(),
  reply: ReplyView,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const PreviewedReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['text', 'list']), text: z.string() }),
  z.strictObject({ type: z.literal('media'), ...FILE_VIEW }),
  z.strictObject({ type: z.literal('contact'), vcard: VcardView }),
]);
const Preview = z.strictObject({
  would_reply: z.boolean(),
  reply: PreviewedReply.nullable().describe('What would go out, word by word.'),
  rule: z
    .strictObject({ id: ObjectId, keyword: z.string() })
    .nullable()
    .describe('The rule that matched, and which of its keywords.'),
  is_default: z.boolean().describe('Whether it is the default message.'),
  reasons: z.array(z.string()).describe('How it came to that, for people to read.'),
  at: z.iso.datetime(),
  knows_history: z
    .boolean()
    .describe('Whether it was looked at what the bot did in the chat before: with a `chatId`.'),
});

const RULE = {
  keywords: ['price', 'cost'],
  match: 'word',
  case_sensitive: false,
  accent_sensitive: false,
  priority: 0,
  chats: 'all',
  enabled: true,
  reply: { type: 'text', message: '{Hi|Hello} [name], it is $5.' },
} as const;
const KEYWORD = {
  _id: PLACEHOLDERS.keyword_id,
  ...RULE,
  keywords: [...RULE.keywords],
  createdAt: '2026-11-25T12:00:00.000Z',
  updatedAt: '2026-11-25T12:00:00.000Z',
};
const KEYWORD_SCHEMA = {
  anyOf: [
    { type: 'string', maxLength: 512 },
    { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', maxLength: 512 } },
  ],
};
const FIELDS = {
  keyword: {
    description: 'One keyword, or several: any of them is enough. The same as `keywords`.',
    schema: KEYWORD_SCHEMA,
  },
  keywords: { description: 'The same as `keyword`.', schema: KEYWORD_SCHEMA },
  match:
    'How it is looked for: it is the whole message (`exact`), a word or words of it (`word`, when nothing is said), its beginning (`prefix`), anywhere in it (`contains`), or a regular expression of RE2 (`regex`).',
  case_sensitive: 'Capitals count. They do not when nothing is said.',
  accent_sensitive: 'Accents count. They do not when nothing is said.',
  priority:
    'Of several rules that match, the one with the highest goes first. -1000 to 1000, else 0.',
  chats: 'Where the rule holds; in all chats when nothing is said.',
  enabled: 'Whether the rule holds at all; it does when nothing is said.',
  reply:
    'What is answered. Its other fields are those of the calls that send the same; a file is one of `attachmentId` and `url`, and `media_type` says as what it is shown. Texts and captions may hold spintax (`{Hi|Hello}`) and tokens (`[name]`).',
};
const KEYWORD_IN_PATH = { keywordId: 'The `_id` of the rule.' };
const ONE = { params: { keywordId: '{keyword_id}' } };

export const botDocs = {
  createKeyword: {
    summary: 'Make a keyword rule',
    description: 'Tells the bot of an instance what to answer, from the next message on.',
    fields: FIELDS,
    errors: ['too_many_keywords'],
    answers: {
      201: answersData('The rule.', {
        message: 'Keyword created successfully!',
        data: KeywordView,
        example: KEYWORD,
      }),
    },
    examples: {
      default: { summary: 'A text', body: RULE },
      file: {
        summary: 'An attachment',
        body: {
          keyword: 'menu',
          match: 'exact',
          reply: {
            type: 'media',
            media_type: 'image',
            attachmentId: '{attachment_id}',
            caption: 'Today, [name]',
          },
        },
      },
      url: {
        summary: 'A file behind a URL, by a regular expression',
        body: {
          keyword: '^(invoice|bill) \\d+$',
          match: 'regex',
          chats: 'private',
          reply: {
            type: 'media',
            media_type: 'document',
            url: 'https://example.com/invoice.pdf',
          },
        },
      },
      list: {
        summary: 'A list',
        body: {
          keyword: 'help',
          reply: {
            type: 'list',
            msgdata: {
              text: 'What can we do for you?',
              buttonText: 'Choose',
              sections: [{ rows: [{ title: 'Prices' }, { title: 'Opening hours' }] }],
            },
          },
        },
      },
      contact: {
        summary: 'A contact of the address book',
        body: { keyword: 'human', reply: { type: 'contact', contactId: '{contact_id}' } },
      },
    },
  },
  listKeywords: {
    summary: 'List keyword rules',
    fields: PAGE_FIELDS,
    answers: {
      200: answersData('A page of rules, newest first.', {
        message: 'Keywords fetched successfully!',
        data: z.strictObject({ keywords: z.array(KeywordView), cursor: CURSOR }),
        example: { keywords: [KEYWORD], cursor: null },
      }),
    },
    examples: { default: {}, page: { summary: 'Ten of them', query: { limit: '10' } } },
  },
  showKeyword: {
    summary: 'Show a keyword rule',
    params: KEYWORD_IN_PATH,
    answers: {
      200: answersData('The rule.', {
        message: 'Keyword fetched successfully!',
        data: KeywordView,
        example: KEYWORD,
      }),
    },
    examples: { default: ONE },
  },
  replaceKeyword: {
    summary: 'Replace a keyword rule',
    description: 'The whole rule is replaced: what the call leaves out is as when a rule is made.',
    params: KEYWORD_IN_PATH,
    fields: FIELDS,
    answers: {
      200: answersData('The rule.', {
        message: 'Keyword updated successfully!',
        data: KeywordView,
        example: KEYWORD,
      }),
    },
    examples: { default: { ...ONE, body: RULE } },
  },
  deleteKeyword: {
    summary: 'Delete a keyword rule',
    params: KEYWORD_IN_PATH,
    answers: { 204: answersNothing('It is gone.') },
    examples: { default: ONE },
  },
  previewReply: {
    summary: 'Preview a reply',
    description:
      'What the bot would answer to a message, and why. Nothing is sent. What it did in a chat before it knows with a `chatId` alone: without one it answers as if nobody had written before.',
    fields: {
      message: 'What somebody writes.',
      at: 'When; now when nothing is said.',
      chat: 'Where: `private` when neither this nor a `chatId` says otherwise.',
      chatId: 'The chat, whose history is looked at.',
      name: 'Who writes, for `[name]`.',
      number: 'The number of who writes; that of `chatId` when nothing is said.',
      backlog: 'Whether it came while the instance was not connected.',
    },
    answers: {
      200: answersData('What would be answered.', {
        message: 'Reply previewed successfully!',
        data: Preview,
        example: {
          would_reply: true,
          reply: { type: 'text', text: 'Hi Ada, it is $5.' },
          rule: { id: PLACEHOLDERS.keyword_id, keyword: 'price' },
          is_default: false,
          reasons: ['The keyword "price" is a word of the message.'],
          at: '2026-11-25T12:00:00.000Z',
          knows_history: false,
        },
      }),
    },
    examples: {
      default: { body: { message: 'What is the price?', name: 'Ada' } },
      chat: {
        summary: 'In a chat, at a time',
        body: {
          message: 'Hello',
          chatId: '15550000002',
          at: '2026-11-25T09:30:00Z',
          backlog: true,
        },
      },
    },
  },
} satisfies GroupDocs<'bot'>;
