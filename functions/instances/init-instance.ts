import * as z from 'zod';
import { decideInit } from '#shared/domain/decide-wish.ts';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Settings } from '#shared/domain/settings.ts';
import type { Deps } from '../deps.ts';
import { editInstance } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { ringInstance } from '../ring-instance.ts';
import { requireWebhookUrl } from '../webhooks/require-webhook-url.ts';
import { type SaveNeeds, saveMain } from '../webhooks/save-main.ts';
import { makeWish } from './make-wish.ts';

const Body = z.object({
  config: z
    .object({
      multiDevice: z.boolean().optional(),
      setWebhook: z.boolean().optional(),
      webhookUrl: z.string().optional(),
    })
    .default({}),
});
type InitConfig = z.infer<typeof Body>['config'];

type Needs = SaveNeeds & Pick<Deps, 'config'>;

/** Starts the instance's session. On one that is connected nothing changes but what `config` says. */
export const initInstance = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body: { config } }, deps: Needs) {
    await applyConfig(instance, config, deps);
    if (decideInit(instance).kind === 'wish') {
      await makeWish(instance, { desired: 'ON' }, deps);
    } else {
      await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
    }
    return noContent();
  },
});

async function applyConfig(instance: Instance, config: InitConfig, deps: Needs): Promise<void> {
  const { multiDevice, setWebhook, webhookUrl = '' } = config;
  if (setWebhook) {
    const url = requireWebhookUrl(webhookUrl, { path: 'config.webhookUrl' }, deps);
    await saveMain(instance, { url, events: LIVE_EVENTS }, deps);
  }
  if (multiDevice !== undefined && multiDevice !== instance.settings.actions.multi_device) {
    const make = (settings: Settings) => ({
      ...settings,
      actions: { ...settings.actions, multi_device: multiDevice },
    });
    await editInstance(instance, { part: 'settings', make }, deps);
  }
}
