import type { InboundMessage } from '#runner/inbound/inbound-message.ts';

/** A text from a person, as it reaches the session. */
export function anInboundMessage(changes: Partial<InboundMessage> = {}): InboundMessage {
  return {
    waId: '3EB0AA',
    ownPhone: '2349040613521',
    chat: { kind: 'phone', phone: '2348179803743' },
    sender: { phone: '2348179803743', lid: '98765432101', name: 'Ada' },
    fromMe: false,
    at: new Date('2026-11-22T12:00:00.900Z'),
    backlog: false,
    content: { kind: 'chat', text: 'hello', mentioned: [] },
    remoteJid: '2348179803743@s.whatsapp.net',
    wire: 'CgVoZWxsbw==',
    raw: { key: { id: '3EB0AA' } },
    ...changes,
  };
}

/** A message with a file. */
export function aFileMessage(changes: Partial<InboundMessage> = {}): InboundMessage {
  const bytes = new Uint8Array(32);
  const media = {
    kind: 'image',
    directPath: '/v/file.enc',
    mediaKey: bytes,
    fileSha256: bytes,
    fileEncSha256: bytes,
    fileLength: 1,
    mimetype: 'image/png',
  } as const;
  return anInboundMessage({
    content: { kind: 'image', text: '', media, mentioned: [] },
    ...changes,
  });
}
