import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { A_PDF, anMp3, anMp4, aPicture } from '../../runner/media/sample-files.ts';
import { allOf } from '../../shared/repositories/open-table.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAttachment } from '../attachments/attachment-calls.ts';
import { type Account, aLinkedInstance, anAccount, call, errorOf, faultPaths } from '../callers.ts';
import { CHAT, messageId, type Sender, send, sendForm, waiting } from './message-calls.ts';

const UPLOAD = {
  url: 'https://mmg.whatsapp.net/o1/v/t62.7118-24/f1?ccb=9-4',
  directPath: '/o1/v/t62.7118-24/f1?ccb=9-4',
  mediaKey: 'Cy878j15uftMGhFdbITi9g7b3/rRF1oLEJnfBDFZbwI=',
  fileSha256: 'tXTkGZ3uFbdD5JW1TvNxHE55mA3pEtfwetxC83K75sg=',
  fileEncSha256: '1/Jnz/rZjcmB5Oy1x0gxt1S6tOE0QPEfKkCBkt+zunw=',
  fileLength: 130_722,
  mediaKeyTimestamp: 1_688_996_225,
  mimetype: 'image/png',
  width: 590,
  height: 653,
};

let api: ApiUnderTest;
let account: Account;
let sender: Sender;
let png: File;
beforeAll(async () => {
  api = await startApi({ hurry: 10 });
  account = await anAccount(api);
  png = aFile(await aPicture('png'), 'picture.png', 'image/png');
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  sender = { api, instance: await aLinkedInstance(api, account) };
});

function aFile(bytes: Uint8Array, name: string, type = ''): File {
  return new File([new Uint8Array(bytes)], name, { type });
}

/** The keys of what was stored for messages of the instance. */
async function stored(): Promise<string[]> {
  return await allOf(api.storage.mediaBlobs.list(`sent/${sender.instance.id}/`));
}

it.each(['image', 'video', 'audio', 'doc', 'sticker'])(
  'keeps no file of a call of %s that is refused',
  async (kind) => {
    const samples: Record<string, File> = {
      video: aFile(anMp4(1), 'film.mp4'),
      audio: aFile(anMp3(20), 'song.mp3'),
    };
    const fields = { chatId: CHAT, file: samples[kind] ?? png, quotedMessageId: 'nothing' };
    const answer = await sendForm(sender, kind, fields);

    expect([answer.status, faultPaths(answer)]).toEqual([404, ['quotedMessageId']]);
    expect(await stored()).toEqual([]);
  },
);

describe('POST /whatsapp/message/image', () => {
  it("answers in the customer's page's shape as far as it is known, and keeps the file", async () => {
    const answer = await sendForm(sender, 'image', { chatId: CHAT, file: png, caption: 'Yo' });
    const id = messageId(answer);
    const message = await api.deps.messages.get(id);

    expect(answer.status).toBe(200);
    expect(answer.text).toBe(
      JSON.stringify({
        status: true,
        message: 'Message sent successfully',
        data: {
          key: { remoteJid: `${CHAT}@s.whatsapp.net`, fromMe: true, id: message?.waId },
          message: { imageMessage: { mimetype: 'image/png', caption: 'Yo' } },
          messageTimestamp: String(Math.floor(api.clock.now.getTime() / 1000)),
          status: 'PENDING',
        },
      }),
    );
    const key = `sent/${sender.instance.id}/${id}`;
    expect(message?.content).toEqual({
      kind: 'image',
      source: { kind: 'blob', key },
      mimetype: 'image/png',
      caption: 'Yo',
    });
    expect(Buffer.from((await api.deps.media.get(key)) ?? [])).toEqual(
      Buffer.from(await png.bytes()),
    );
  });

  it('shows all of it when WhatsApp has the file', async () => {
    const fields = { chatId: CHAT, file: png, caption: 'Yo' };
    const answering = sendForm(sender, 'image', fields, { prefer: 'wait=20' });
    await expect.poll(async () => await waiting(sender), { interval: 2 }).toHaveLength(1);
    const [message] = await waiting(sender);
    if (!message) throw new Error('Nothing waits.');
    await api.deps.messages.keepUpload(message.messageId, UPLOAD);
    await api.deps.messages.finish(message, { to: 'SENT', at: api.clock.now });

    expect((await answering).json).toMatchObject({
      data: {
        status: 'SERVER_ACK',
        message: {
          imageMessage: {
            ...UPLOAD,
            fileLength: '130722',
            mediaKeyTimestamp: '1688996225',
            caption: 'Yo',
          },
        },
      },
    });
  });
});

describe('files of messages', () => {
  it.each<[string, () => Promise<File>, number, object]>([
    ['video', async () => aFile(anMp4(1), 'a.mp4'), 204, { kind: 'video', mimetype: 'video/mp4' }],
    [
      'audio',
      async () => aFile(anMp3(20), 'a.mp3'),
      204,
      { kind: 'audio', mimetype: 'audio/mpeg', ptt: false },
    ],
    [
      'doc',
      async () => aFile(A_PDF, 'a.pdf'),
      204,
      { kind: 'document', mimetype: 'application/pdf', fileName: 'a.pdf' },
    ],
    [
      'sticker',
      async () => aFile(await aPicture('webp'), 'a.webp'),
      200,
      { kind: 'sticker', mimetype: 'image/webp' },
    ],
  ])('are taken as %s', async (kind, make, status, content) => {
    const file = await make();
    const answer = await sendForm(sender, kind, { chatId: CHAT, file });

    expect(answer.status).toBe(status);
    const [message] = await waiting(sender);
    const key = `sent/${sender.instance.id}/${messageId(answer)}`;
    expect(message?.content).toEqual({ ...content, source: { kind: 'blob', key } });
    expect(await stored()).toEqual([key]);
  });

  it('have what the form says of them', async () => {
    const file = aFile(A_PDF, 'a.pdf');
    await sendForm(sender, 'doc', { chatId: CHAT, file, filename: 'März.pdf', caption: 'Here' });
    await sendForm(sender, 'audio', { chatId: CHAT, file: aFile(anMp3(20), 'a'), ptt: 'true' });

    expect((await waiting(sender)).map(({ content }) => content)).toMatchObject([
      { fileName: 'März.pdf', caption: 'Here' },
      { ptt: true },
    ]);
  });

  it.each<[string, string, () => File | string]>([
    ['image', 'of another type', () => aFile(A_PDF, 'a.png', 'image/png')],
    ['video', 'of another type', () => png],
    ['audio', 'of another type', () => png],
    ['sticker', 'of another type', () => aFile(anMp4(1), 'a.webp')],
    ['doc', 'that is empty', () => aFile(new Uint8Array(), 'a.pdf')],
    ['image', 'that is empty', () => aFile(new Uint8Array(), 'a.png')],
    ['image', 'that is a text', () => 'a.png'],
  ])('are refused as %s %s', async (kind, _, make) => {
    const answer = await sendForm(sender, kind, { chatId: CHAT, file: make() });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['file']);
    expect(await waiting(sender)).toEqual([]);
    expect(await stored()).toEqual([]);
  });
});

describe('attachmentId', () => {
  it('is as good as a file, and nothing is stored again', async () => {
    const { _id } = await anAttachment(api, account, '%PDF-1.4\n%%EOF\n');
    const answer = await send(sender, 'doc', { chatId: CHAT, attachmentId: _id });

    expect(answer.status).toBe(204);
    const [message] = await waiting(sender);
    expect(message?.content).toEqual({
      kind: 'document',
      source: { kind: 'blob', key: `attachments/${account.accountId}/${_id}` },
      mimetype: 'application/pdf',
      fileName: 'report.pdf',
    });
    expect(await stored()).toEqual([]);
  });

  it('must not be there beside a file, and one of the two must be', async () => {
    const { _id } = await anAttachment(api, account);
    const both = await sendForm(sender, 'doc', { chatId: CHAT, file: png, attachmentId: _id });
    const none = await send(sender, 'doc', { chatId: CHAT });

    expect([both.status, faultPaths(both)]).toEqual([400, ['attachmentId']]);
    expect([none.status, faultPaths(none)]).toEqual([400, ['file']]);
    expect(await waiting(sender)).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it("does not find what is not there, is not uploaded yet, or is another account's", async () => {
    const others = await anAttachment(api, await anAccount(api));
    const { headers } = account;
    const json = { fileName: 'a.pdf', mimetype: 'application/pdf', size: 9 };
    const announced = await call(api, 'POST /whatsapp/attachments', { headers, json });
    const notThere = /"_id":"(\w+)"/.exec(announced.text)?.[1];

    for (const attachmentId of ['64ac311eee05a1a2c27fbdb5', 'x', others._id, notThere]) {
      const answer = await send(sender, 'doc', { chatId: CHAT, attachmentId });
      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
      expect(faultPaths(answer)).toEqual(['attachmentId']);
    }
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('POST /whatsapp/message/fileurl', () => {
  const FILE = {
    chatId: CHAT,
    url: 'https://files.example.com/a.jpg?w=1080',
    type: 'image',
    mimetype: 'image/jpeg',
    caption: 'Caption',
  };

  it('keeps the URL, for whoever sends it', async () => {
    const answer = await sendForm(sender, 'fileurl', FILE);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await waiting(sender))[0]?.content).toEqual({
      kind: 'image',
      source: { kind: 'url', url: FILE.url },
      mimetype: 'image/jpeg',
      caption: 'Caption',
    });
  });

  it('takes doc for a document, and leaves out what a kind does not have', async () => {
    await send(sender, 'fileurl', { ...FILE, type: 'doc', filename: 'a.pdf' });
    await send(sender, 'fileurl', { ...FILE, type: 'audio', ptt: true });

    expect((await waiting(sender)).map(({ content }) => content)).toMatchObject([
      { kind: 'document', fileName: 'a.pdf', caption: 'Caption' },
      { kind: 'audio', ptt: true },
    ]);
    expect((await waiting(sender))[1]?.content).not.toHaveProperty('caption');
  });

  it.each([
    ['url', { url: '' }],
    ['url', { url: 'http://files.example.com/a.jpg' }],
    ['url', { url: 'https://127.0.0.1/a.jpg' }],
    ['url', { url: 'https://169.254.169.254/latest/meta-data' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['type', { type: 'gif' }],
    ['filename', { filename: '../a.pdf' }],
  ])('names %s of %j', async (path, fields) => {
    const answer = await send(sender, 'fileurl', { ...FILE, ...fields });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('a file of a call that is refused', () => {
  it('is not kept, whether there were too many messages or they name what is not there', async () => {
    const strict = await startApi({ config: { messagesPerMinute: 1 } });
    try {
      const instance = await aLinkedInstance(strict, await anAccount(strict));
      const by = { api: strict, instance };
      const unknown = { chatId: CHAT, file: png, quotedMessageId: '01JD0000000000000000000000' };
      const answers = [
        await sendForm(by, 'image', unknown),
        await sendForm(by, 'image', { chatId: CHAT, file: png }),
        await sendForm(by, 'image', { chatId: CHAT, file: png }),
      ];
      const [, accepted] = answers;

      expect(answers.map(({ status }) => status)).toEqual([404, 200, 429]);
      expect(await allOf(strict.storage.mediaBlobs.list('sent/'))).toEqual([
        `sent/${instance.id}/${accepted && messageId(accepted)}`,
      ]);
    } finally {
      await strict.close();
    }
  });
});
