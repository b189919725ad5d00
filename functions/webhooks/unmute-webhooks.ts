import type { Instance } from '#shared/domain/instance.ts';
import type { Settings } from '#shared/domain/settings.ts';
import { type EditNeeds, editInstance } from '../edit-instance.ts';

/** A webhook that is set is wanted: it switches `send_webhook` on. */
export async function unmuteWebhooks(instance: Instance, deps: EditNeeds): Promise<void> {
  if (instance.settings.actions.send_webhook) return;
  const make = (settings: Settings) => ({
    ...settings,
    actions: { ...settings.actions, send_webhook: true },
  });
  await editInstance(instance, { part: 'settings', make }, deps);
}
