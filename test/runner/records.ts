import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, toWaId } from '#shared/domain/message.ts';
import type { MediaContent, MediaUpload } from '#shared/domain/message-content.ts';
import { defaultSettings } from '#shared/domain/settings.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { MAIN_ENDPOINT } from '#shared/repositories/endpoint-repository.ts';

const AT = '2026-11-22T12:00:00.000Z';
const AT_MS = Date.parse(AT);

/** The `n`th instance of the one account, wished ON. */
export function anInstance(n = 1, changes: Partial<Instance> = {}): Instance {
  return {
    accountId: 'a'.repeat(24),
    instanceId: n.toString(16).padStart(24, '0'),
    sessionId: groups('5', n),
    accessToken: groups('7', n),
    shard: 0,
    settings: defaultSettings(),
    generation: 1,
    desired: 'ON',
    status: 'CREATED',
    createdAt: AT,
    updatedAt: AT,
    ...changes,
  };
}

/** The `n`th text of an instance: later ones come later in its outbox. */
export function aMessage(instance: Instance, n: number, changes: Partial<Message> = {}): Message {
  const { accountId, instanceId, shard } = instance;
  const digest = createHash('sha256').update(`${instanceId}|${n}`).digest('hex');
  return {
    accountId,
    instanceId,
    shard,
    messageId: ulid(AT_MS + n),
    waId: toWaId(digest),
    chatId: '2348179803743@c.us',
    content: { kind: 'text', text: `text ${n}` },
    state: 'QUEUED',
    attempts: 0,
    queuedAt: AT,
    ...changes,
  };
}

/** A chat that is not the one that `aMessage` goes to. */
export const OTHER_CHAT = '2348179803744@c.us';

/** A picture that a customer has put into the store. */
export function aPicture(changes: Partial<MediaContent> = {}): MediaContent {
  return {
    kind: 'image',
    source: { kind: 'blob', key: 'sent/one/1' },
    mimetype: 'image/png',
    caption: 'sea',
    ...changes,
  };
}

/** What WhatsApp's media host has said of a picture. */
export const AN_UPLOAD: MediaUpload = {
  url: 'https://mmg.invalid/o1/v/t62.7118-24/f1',
  directPath: '/o1/v/t62.7118-24/f1',
  mediaKey: Buffer.alloc(32, 1).toString('base64'),
  fileSha256: Buffer.alloc(32, 2).toString('base64'),
  fileEncSha256: Buffer.alloc(32, 3).toString('base64'),
  fileLength: 5_000_000_000,
  mediaKeyTimestamp: 1_795_348_800,
  mimetype: 'image/jpeg',
  width: 640,
  height: 480,
  jpegThumbnail: Buffer.from('thumb').toString('base64'),
};

export function anEndpoint(
  instance: Instance,
  changes: Partial<WebhookEndpoint> = {},
): WebhookEndpoint {
  const { accountId, instanceId } = instance;
  return {
    accountId,
    instanceId,
    endpointId: MAIN_ENDPOINT,
    url: 'http://127.0.0.1:9/hook',
    events: ['onMessage', 'onAnyMessage', 'onAck', 'onStateChanged', 'onLogout'],
    state: 'ACTIVE',
    secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    createdAt: AT,
    updatedAt: AT,
    ...changes,
  };
}

function groups(digit: string, n: number): string {
  return `${`${digit.repeat(4)}-`.repeat(7)}${n.toString(16).padStart(4, '0')}`;
}
