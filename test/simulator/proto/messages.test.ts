import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';

import { ProtoError } from '#simulator/proto/codec.ts';
import { ADVDeviceIdentity, ClientPayload, Message } from '#simulator/proto/messages.ts';
import { WhisperMessage } from '#simulator/proto/signal-messages.ts';

const bytes = Buffer.from('0102', 'hex');
const media = {
  url: 'https://localhost/x',
  mimetype: 'image/jpeg',
  fileSha256: bytes,
  fileLength: 5_000_000_000,
  mediaKey: bytes,
  fileEncSha256: bytes,
  directPath: '/x',
  mediaKeyTimestamp: 1_700_000_000,
};
const contextInfo = {
  stanzaId: 'ABC',
  participant: '1@lid',
  quotedMessage: { conversation: 'before' },
  mentionedJid: ['2@lid', '3@lid'],
};

const messages: readonly Message[] = [
  { conversation: 'Hello, Wörld 👋' },
  { extendedTextMessage: { text: 'a link', matchedText: 'https://a.example', contextInfo } },
  { imageMessage: { ...media, caption: 'c', height: 3, width: 4, jpegThumbnail: bytes } },
  { videoMessage: { ...media, caption: 'c', seconds: 9, gifPlayback: true, contextInfo } },
  { audioMessage: { ...media, ptt: true, seconds: 3, waveform: bytes, contextInfo } },
  { documentMessage: { ...media, fileName: 'a.pdf', title: 'A', caption: 'c', pageCount: 2 } },
  { stickerMessage: { ...media, height: 512, width: 512, isAnimated: true, contextInfo } },
  { locationMessage: { degreesLatitude: 52.5, degreesLongitude: -13.25, name: 'Here' } },
  { contactMessage: { displayName: 'Ann', vcard: 'BEGIN:VCARD', contextInfo } },
  {
    pollCreationMessageV3: {
      name: 'Which?',
      options: [{ optionName: 'a' }, { optionName: 'b' }],
      selectableOptionsCount: 1,
      encKey: bytes,
    },
  },
  { reactionMessage: { key: { id: 'A', fromMe: true, remoteJid: '1@lid' }, text: '👍' } },
  { protocolMessage: { type: 0, key: { id: 'A', participant: '1@lid' } } },
  { protocolMessage: { type: 14, key: { id: 'A' }, editedMessage: { conversation: 'new' } } },
  {
    protocolMessage: {
      type: 6,
      appStateSyncKeyShare: {
        keys: [
          {
            keyId: { keyId: bytes },
            keyData: { keyData: bytes, fingerprint: { rawId: 1, currentIndex: 2 }, timestamp: 3 },
          },
        ],
      },
    },
  },
  {
    protocolMessage: {
      type: 5,
      historySyncNotification: {
        syncType: 0,
        chunkOrder: 1,
        progress: 100,
        directPath: '/h',
        initialHistBootstrapInlinePayload: bytes,
      },
    },
  },
  { deviceSentMessage: { destinationJid: '1@lid', message: { conversation: 'x' }, phash: 'p' } },
  {
    senderKeyDistributionMessage: {
      groupId: '1@g.us',
      axolotlSenderKeyDistributionMessage: bytes,
    },
    messageContextInfo: { messageSecret: bytes, deviceListMetadataVersion: 2 },
  },
  { viewOnceMessage: { message: { imageMessage: { ...media, viewOnce: true } } } },
  { ephemeralMessage: { message: { extendedTextMessage: { text: 'soon gone' } } } },
  { documentWithCaptionMessage: { message: { documentMessage: { caption: 'c' } } } },
  {
    listMessage: {
      title: 't',
      description: 'd',
      buttonText: 'b',
      listType: 1,
      sections: [{ title: 's', rows: [{ title: 'r', description: 'd', rowId: 'id' }] }],
    },
  },
  { listResponseMessage: { title: 't', singleSelectReply: { selectedRowId: 'id' }, contextInfo } },
  {
    buttonsMessage: {
      contentText: 'c',
      footerText: 'f',
      buttons: [{ buttonId: 'id', buttonText: { displayText: 'b' }, type: 1 }],
      headerType: 1,
    },
  },
  { buttonsResponseMessage: { selectedButtonId: 'id', selectedDisplayText: 'b', type: 1 } },
  { templateMessage: { hydratedTemplate: { hydratedContentText: 'c', hydratedTitleText: 't' } } },
  {
    interactiveMessage: {
      header: { title: 't' },
      body: { text: 'b' },
      footer: { text: 'f' },
      nativeFlowMessage: { buttons: [{ name: 'quick_reply', buttonParamsJson: '{}' }] },
    },
  },
  {
    interactiveResponseMessage: {
      body: { text: 'b' },
      nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{}', version: 3 },
    },
  },
];

/** Baileys' plain form: bytes as they are, 64-bit integers as numbers. */
const plainOf = (message: proto.Message): unknown =>
  proto.Message.toObject(message, { longs: Number, bytes: Buffer });

describe('a message', () => {
  it.each(messages.map((message) => [Object.keys(message)[0] ?? '', message] as const))(
    'with %s reads as Baileys reads it, and back',
    (_name, message) => {
      const encoded = Message.encode(message);
      expect(plainOf(proto.Message.decode(encoded))).toEqual(message);
      const theirs = proto.Message.encode(proto.Message.fromObject(message)).finish();
      expect(Message.decode(theirs)).toEqual(message);
      expect(encoded.equals(theirs)).toBe(true);
    },
  );

  it('skips fields that it does not know', () => {
    const theirs = proto.Message.encode({
      conversation: 'x',
      keepInChatMessage: { keepType: 1, timestampMs: 5 },
      imageMessage: { caption: 'c', staticUrl: 'u' },
    });
    expect(Message.decode(theirs.finish())).toEqual({
      conversation: 'x',
      imageMessage: { caption: 'c' },
    });
  });

  it('is refused when its bytes are none', () => {
    expect(() => Message.decode(Buffer.of(0x0a, 0xff))).toThrow(ProtoError);
    expect(() => WhisperMessage.decode(Buffer.from('ffffffff', 'hex'))).toThrow(ProtoError);
  });

  it('is refused when it is nested without end', () => {
    expect(Message.decode(ephemeral(3))).toEqual({
      ephemeralMessage: { message: { ephemeralMessage: { message: { ephemeralMessage: {} } } } },
    });
    expect(() => Message.decode(ephemeral(2000))).toThrow(ProtoError);
  });
});

describe('the payload of a login', () => {
  it('reads as Baileys writes it', () => {
    const theirs = proto.ClientPayload.encode({
      username: 4915112345678,
      device: 12,
      passive: true,
      pull: true,
      userAgent: { osVersion: '0.1' },
    });
    expect(ClientPayload.decode(theirs.finish())).toEqual({
      username: 4915112345678,
      device: 12,
      passive: true,
      pull: true,
    });
  });

  it('carries the keys of a new companion', () => {
    const devicePairingData = { eRegid: bytes, eIdent: bytes, eSkeyId: bytes, deviceProps: bytes };
    const theirs = proto.ClientPayload.encode({ devicePairingData });
    expect(ClientPayload.decode(theirs.finish())).toEqual({ devicePairingData });
  });
});

describe('a device identity', () => {
  it('reads the same on both sides', () => {
    const identity = { rawId: 4_000_000_000, timestamp: 1_700_000_000, keyIndex: 3 };
    const decoded = proto.ADVDeviceIdentity.decode(ADVDeviceIdentity.encode(identity));
    expect(proto.ADVDeviceIdentity.toObject(decoded, { longs: Number })).toEqual(identity);
    const theirs = proto.ADVDeviceIdentity.encode(identity).finish();
    expect(ADVDeviceIdentity.decode(theirs)).toEqual(identity);
  });
});

/** A disappearing message in a disappearing message and so on; the innermost wrapper is empty. */
function ephemeral(depth: number): Buffer {
  let inner = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) {
    const message = Buffer.concat([Buffer.of(0xc2, 0x02), lengthOf(inner), inner]);
    if (level === depth - 1) return message;
    inner = Buffer.concat([Buffer.of(0x0a), lengthOf(message), message]);
  }
  return inner;
}

/** A protobuf length. */
function lengthOf(body: Uint8Array): Buffer {
  const parts: number[] = [];
  for (let left = body.length; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...parts, left]);
    parts.push((left % 128) | 0x80);
  }
}
