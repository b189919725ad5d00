import { expect } from 'vitest';
import type { RouteOf } from '#functions/routes.ts';
import type { CommandAnswer } from '#shared/domain/command.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { DocumentedGroup } from '../../openapi/operation-doc.ts';
import { answerCommand } from '../functions/answer-commands.ts';
import { call, recordOf, report } from '../functions/callers.ts';
import type { Stage } from './stage.ts';

/** Sets the stage before the call; what it gives back goes on while the call is being answered. */
type SetUp = (stage: Stage) => Promise<(() => Promise<void>) | undefined>;

type Operation = RouteOf<DocumentedGroup>['operation'];

const PHONE = '2348179803743';
const CODE_LIFE_MS = 20_000;

/** What the examples of an operation need beyond a linked instance and what their placeholders name. */
export const SET_UPS: Partial<Readonly<Record<Operation, SetUp>>> = {
  listKeys: async (stage) => {
    await stage.key();
    return undefined;
  },
  listInstances: withInstance,
  updateGeneral: withInstance,
  updateActions: withInstance,
  updateActiveDays: withInstance,
  updateActiveHours: withInstance,
  updatePace: withInstance,
  sendMessage: async (stage) => async () => await sendAsRunner(stage),
  listMessages: async (stage) => {
    await stage.message();
    return undefined;
  },
  retryMessage: async (stage) => {
    const failure = { code: '463', message: 'WhatsApp refused it.' };
    const step = { to: 'FAILED', at: stage.api.clock.now, failure } as const;
    await stage.api.deps.messages.finish(await stage.message(), step);
    return undefined;
  },
  markRead: async (stage) => async () => await answerOne(stage, { kind: 'done' }),
  showPresence: async (stage) => async () => await answerOne(stage, { kind: 'done' }),
  checkNumber: async (stage) => async () => {
    const [jid, lid] = [`${PHONE}@s.whatsapp.net`, '10150000000@lid'];
    await answerOne(stage, { kind: 'checked', exists: true, jid, lid });
  },
  showLid: async (stage) => {
    const { id } = await stage.instance();
    await stage.api.deps.lids.keep(id, { lid: '10150000000', phone: PHONE });
    return undefined;
  },
  listAttachments: async (stage) => {
    await stage.attachmentId();
    return undefined;
  },
  listContacts: async (stage) => {
    await stage.contactId();
    return undefined;
  },
  listKeywords: async (stage) => {
    await stage.keywordId();
    return undefined;
  },
  previewReply: async (stage) => {
    await stage.keywordId();
    return undefined;
  },
  scanQr: async (stage) => {
    const expiresAt = new Date(stage.api.clock.now.getTime() + CODE_LIFE_MS).toISOString();
    const qr = { code: '2@a,b,c,d', expiresAt };
    await report(stage.api, await stage.instance(), { status: 'SCAN_QR', user: null, qr });
    return undefined;
  },
  pairPhone: async (stage) => {
    const instance = await stage.instance();
    await report(stage.api, instance, { status: 'LOGGED_OUT', user: null });
    return async () => await answerPairing(stage);
  },
  showRunners: async (stage) => {
    const { accountId } = await stage.account();
    await stage.api.deps.accounts.setRole(accountId, 'ADMIN');
    return undefined;
  },
  listEndpoints: async (stage) => {
    await stage.webhookId();
    return undefined;
  },
  testEndpoint: async (stage) => async () => await takeTest(stage),
  listDeliveries: withDelivery,
  listEvents: withDelivery,
  streamEvents: async (stage) => {
    await stage.deliveryId();
    return async () => await endStream(stage);
  },
  showWebhook: async (stage) => {
    const { query } = await stage.instance();
    const json = { webhook_url: 'https://example.com/hook' };
    await call(stage.api, `PUT /whatsapp/setWebhook${query}`, { json });
    return undefined;
  },
};

/** There is something to list. */
async function withDelivery(stage: Stage): Promise<undefined> {
  await stage.deliveryId();
}

/** The endpoint takes what waits for it. */
async function takeTest(stage: Stage): Promise<void> {
  const { api } = stage;
  const [{ id: instanceId }, endpointId] = [await stage.instance(), await stage.webhookId()];
  const first = async () => {
    for await (const found of api.deps.deliveries.waiting({ instanceId, endpointId })) return found;
    return undefined;
  };
  await expect.poll(first, { interval: 5 }).toBeDefined();
  const pending = await first();
  if (!pending) throw new Error('Nothing waits.');
  const recent = [{ at: api.clock.now.toISOString(), ms: 3, statusCode: 204 }];
  const delivered: Delivery = { ...pending, state: 'DELIVERED', attempts: 1, recent };
  await api.deps.deliveries.advance(pending, delivered);
}

/** A stream ends when its instance is deleted, which is some time after it has begun. */
async function endStream(stage: Stage): Promise<void> {
  const { id, query } = await stage.instance();
  const hasPolled = () =>
    stage.api
      .logLines()
      .some(({ route, instanceId }) => route === 'GET /whatsapp/events' && instanceId === id);
  await expect.poll(hasPolled, { interval: 5 }).toBe(true);
  await call(stage.api, `DELETE /whatsapp/${id}${query}`);
}

/** For calls that are about all instances of the account. */
async function withInstance(stage: Stage): Promise<undefined> {
  await stage.instance();
}

/** The session does what it is asked for, once it is. */
async function answerOne(stage: Stage, answer: CommandAnswer): Promise<void> {
  await answerCommand(stage.api, await stage.instance(), answer);
}

/** WhatsApp takes the first message that waits. */
async function sendAsRunner(stage: Stage): Promise<void> {
  const { deps, clock } = stage.api;
  const { id } = await stage.instance();
  const first = async () => {
    for await (const entry of deps.outbox.all(id)) return entry;
    return undefined;
  };
  await expect.poll(first, { interval: 5 }).toBeDefined();
  const entry = await first();
  if (entry) await deps.messages.finish(entry, { to: 'SENT', at: clock.now });
}

/** As a runner does, as soon as it is asked. */
async function answerPairing(stage: Stage): Promise<void> {
  const { api } = stage;
  const instance = await stage.instance();
  await expect
    .poll(async () => (await recordOf(api, instance))?.pairingRequest, { interval: 5 })
    .toBeDefined();
  const requestId = (await recordOf(api, instance))?.pairingRequest?.requestId ?? '';
  const ref = { accountId: instance.accountId, instanceId: instance.id };
  const expiresAt = api.clock.now.toISOString();
  await api.deps.instances.answerPairing(ref, { requestId, code: 'ABCDEFGH', expiresAt });
}
