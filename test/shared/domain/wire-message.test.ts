import { describe, expect, it } from 'vitest';
import { MediaUpload, MessageContent } from '#shared/domain/message-content.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';
import { AN_UPLOAD, aPicture } from '../../runner/records.ts';
import { ALL_CONTENTS } from './all-contents.ts';

describe('toWireMessage', () => {
  it.each(ALL_CONTENTS)(
    'is the same at every call, and plain JSON: $content.kind',
    ({ content, upload, wire }) => {
      expect(MessageContent.parse(content)).toEqual(content);
      const first = toWireMessage(content, upload);
      expect(toWireMessage(content, upload)).toEqual(first);
      expect(JSON.parse(JSON.stringify(first))).toEqual(first);
      expect(first).toMatchObject(wire);
    },
  );

  it('has all that WhatsApp has said of a file, long numbers as text', () => {
    expect(MediaUpload.parse(AN_UPLOAD)).toEqual(AN_UPLOAD);
    const { fileLength, mediaKeyTimestamp, ...file } = AN_UPLOAD;
    expect(toWireMessage(aPicture(), AN_UPLOAD)).toEqual({
      imageMessage: {
        ...file,
        fileLength: String(fileLength),
        mediaKeyTimestamp: String(mediaKeyTimestamp),
        caption: 'sea',
      },
    });
  });

  it('believes what was looked at, not what was claimed', () => {
    expect(toWireMessage(aPicture())).toMatchObject({ imageMessage: { mimetype: 'image/png' } });
    expect(toWireMessage(aPicture(), AN_UPLOAD)).toMatchObject({
      imageMessage: { mimetype: 'image/jpeg' },
    });
  });

  it('calls a document by what is known of its name, and nothing else by a name', () => {
    const claimed = aPicture({ kind: 'document', fileName: 'a.pdf' });
    expect(toWireMessage(claimed, AN_UPLOAD)).toMatchObject({
      documentMessage: { fileName: 'a.pdf', title: 'a.pdf' },
    });
    expect(toWireMessage(claimed, { ...AN_UPLOAD, fileName: 'b.pdf' })).toMatchObject({
      documentMessage: { fileName: 'b.pdf', title: 'b.pdf' },
    });
    const { imageMessage } = toWireMessage(aPicture({ fileName: 'a.png' }), AN_UPLOAD);
    expect(imageMessage).not.toHaveProperty('fileName');
  });

  it('names polls of one choice and of several as the apps do', () => {
    const poll = { kind: 'poll', name: '?', options: ['a', 'b'], secret: 'AAAA' } as const;
    const fieldsOf = (selectable: number) =>
      Object.keys(toWireMessage({ ...poll, options: [...poll.options], selectable }));
    expect(fieldsOf(1)).toContain('pollCreationMessageV3');
    for (const selectable of [0, 2]) expect(fieldsOf(selectable)).toContain('pollCreationMessage');
  });

  it('puts the file of buttons into their head', () => {
    const native = {
      body: 'Tea?',
      footer: 'now',
      buttons: [{ name: 'quick_reply', params: '{}' }],
    };
    expect(toWireMessage(aPicture({ native }), AN_UPLOAD)).toMatchObject({
      interactiveMessage: {
        header: { hasMediaAttachment: true, imageMessage: { directPath: AN_UPLOAD.directPath } },
        body: { text: 'Tea?' },
        footer: { text: 'now' },
        nativeFlowMessage: { buttons: [{ name: 'quick_reply', buttonParamsJson: '{}' }] },
      },
    });
  });
});
