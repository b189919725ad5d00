import { describe, expect, it } from 'vitest';
import { isMedia, MessageContent, TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { ALL_CONTENTS } from './all-contents.ts';

const MEDIA_KINDS = ['image', 'video', 'audio', 'document', 'sticker'];

describe('MessageContent', () => {
  it('knows which kinds have a file', () => {
    for (const { content } of ALL_CONTENTS) {
      expect(isMedia(content)).toBe(MEDIA_KINDS.includes(content.kind));
    }
    expect(new Set(ALL_CONTENTS.map(({ content }) => content.kind)).size).toBe(13);
  });

  it.each([
    ['an empty text', { kind: 'text', text: '' }],
    ['a text that is too long', { kind: 'text', text: 'x'.repeat(TEXT_LENGTH_MAX + 1) }],
    ['an unknown kind', { kind: 'tea' }],
    ['a field that it does not know', { kind: 'text', text: 'x', colour: 'red' }],
    ['a file without a source', { kind: 'image' }],
    [
      'a poll whose secret is no base64',
      { kind: 'poll', name: '', options: [], selectable: 0, secret: '?' },
    ],
  ])('refuses %s', (_name, content) => {
    expect(MessageContent.safeParse(content).success).toBe(false);
  });
});
