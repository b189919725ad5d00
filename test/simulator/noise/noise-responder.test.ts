import {
  encodeBinaryNode,
  makeNoiseHandler,
  NOISE_WA_HEADER,
  proto,
  WA_CERT_DETAILS,
} from '@whiskeysockets/baileys';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { issueCertChain } from '#simulator/noise/certificates.ts';
import { NoiseError } from '#simulator/noise/noise-error.ts';
import { NoiseResponder } from '#simulator/noise/noise-responder.ts';
import { HandshakeMessage } from '#simulator/proto/handshake.ts';
import { generateKeyPair } from '#simulator/signal/keys.ts';
import { encodeNode } from '#simulator/wire/encode-node.ts';
import { FrameReader, frameOf, INTRO_HEADER } from '#simulator/wire/frames.ts';

const root = generateKeyPair();
const staticKey = generateKeyPair();
const logger = pino({ level: 'silent' });
const baileysRoot = WA_CERT_DETAILS.PUBLIC_KEY;

beforeEach(() => {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root.public);
});
afterEach(() => {
  WA_CERT_DETAILS.PUBLIC_KEY = baileysRoot;
});

function aResponder(): NoiseResponder {
  const certChain = issueCertChain(root, staticKey.public);
  return new NoiseResponder({ staticKey, certChain, prologue: INTRO_HEADER });
}

/** Lets Baileys' client shake hands with our responder over the real frames. */
async function shakeHands(routingInfo?: Buffer) {
  const responder = aResponder();
  const reader = new FrameReader();
  const ephemeral = generateKeyPair();
  const noiseKey = generateKeyPair();
  const client = makeNoiseHandler({
    keyPair: ephemeral,
    NOISE_HEADER: NOISE_WA_HEADER,
    logger,
    routingInfo,
  });
  const sent = (bytes: Uint8Array): Buffer => {
    const [frame] = reader.push(bytes);
    if (!frame) throw new Error('The client sent no whole frame.');
    return frame;
  };
  const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.public } });
  const answer = responder.answerHello(sent(client.encodeFrame(hello.finish())));
  const keyEnc = client.processHandshake(proto.HandshakeMessage.decode(answer), noiseKey);
  const payload = client.encrypt(
    proto.ClientPayload.encode({ username: 4915112345678, device: 3, passive: true }).finish(),
  );
  const finish = proto.HandshakeMessage.encode({ clientFinish: { static: keyEnc, payload } });
  const identified = responder.readFinish(sent(client.encodeFrame(finish.finish())));
  await client.finishInit();
  return { responder, client, sent, identified, noiseKey };
}

describe('the Noise responder', () => {
  it.each([
    ['without routing info', undefined],
    ['with routing info', Buffer.from('routing')],
  ])('shakes hands with Baileys %s, and learns who it is', async (_name, routingInfo) => {
    const { identified, noiseKey } = await shakeHands(routingInfo);
    expect(identified.clientStatic.equals(noiseKey.public)).toBe(true);
    expect(identified.payload).toMatchObject({ username: 4915112345678, device: 3, passive: true });
  });

  it('carries frames both ways after the handshake', async () => {
    const { responder, client, sent } = await shakeHands();
    const received: unknown[] = [];
    for (let index = 0; index < 20; index += 1) {
      const node = { tag: 'iq', attrs: { id: `${index}` } };
      expect(responder.open(sent(client.encodeFrame(encodeBinaryNode(node))))).toEqual(
        encodeNode(node),
      );
      const frame = frameOf(responder.seal(encodeNode(node)));
      await client.decodeFrame(frame, (read) => received.push(read));
    }
    expect(received).toHaveLength(20);
    expect(received.at(-1)).toMatchObject({ tag: 'iq', attrs: { id: '19' } });
  });

  it('refuses a frame that is changed, or comes twice', async () => {
    const { responder, client, sent } = await shakeHands();
    const frame = sent(client.encodeFrame(Buffer.from('one')));
    expect(responder.open(frame).toString()).toBe('one');
    expect(() => responder.open(frame)).toThrow(NoiseError);
  });

  it('refuses whatever is not due', async () => {
    const responder = aResponder();
    expect(() => responder.open(Buffer.alloc(40))).toThrow(NoiseError);
    expect(() => responder.seal(Buffer.alloc(40))).toThrow(NoiseError);
    expect(() => responder.readFinish(Buffer.alloc(0))).toThrow(NoiseError);
    expect(() => responder.answerHello(Buffer.alloc(0))).toThrow(NoiseError);
    const { responder: open } = await shakeHands();
    expect(() => open.answerHello(Buffer.alloc(0))).toThrow(NoiseError);
  });

  it('refuses a finish that is not authentic', () => {
    const responder = aResponder();
    const clientHello = { ephemeral: generateKeyPair().public };
    responder.answerHello(HandshakeMessage.encode({ clientHello }));
    const clientFinish = { static: Buffer.alloc(48), payload: Buffer.alloc(48) };
    const frame = HandshakeMessage.encode({ clientFinish });
    expect(() => responder.readFinish(frame)).toThrow(NoiseError);
  });
});
