import { expect } from 'vitest';
import type { RouteOf } from '#functions/routes.ts';
import type { DocumentedGroup } from '../../openapi/operation-doc.ts';
import { call, recordOf, report } from '../functions/callers.ts';
import type { Stage } from './stage.ts';

/** Sets the stage before the call; what it gives back goes on while the call is being answered. */
type SetUp = (stage: Stage) => Promise<(() => Promise<void>) | undefined>;

type Operation = RouteOf<DocumentedGroup>['operation'];

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
  listContacts: async (stage) => {
    await stage.contactId();
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
  showWebhook: async (stage) => {
    const { query } = await stage.instance();
    const json = { webhook_url: 'https://example.com/hook' };
    await call(stage.api, `PUT /whatsapp/setWebhook${query}`, { json });
    return undefined;
  },
};

/** For calls that are about all instances of the account. */
async function withInstance(stage: Stage): Promise<undefined> {
  await stage.instance();
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
