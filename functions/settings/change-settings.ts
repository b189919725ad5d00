import type { Settings } from '#shared/domain/settings.ts';
import { decideChange, type SettingsChange } from '#shared/domain/settings-change.ts';
import type { EditNeeds } from '../edit-instance.ts';
import type { Reply } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { type ChangeCall, changeInstances } from './change-instances.ts';

/** Changes how the bots behave. Nothing is written when the change does not fit one of them. */
export async function changeSettings(
  change: SettingsChange,
  call: ChangeCall,
  deps: EditNeeds,
): Promise<Reply> {
  const make = (settings: Settings) => applyChange(settings, change);
  return await changeInstances({ part: 'settings', make }, call, deps);
}

/** `undefined` when the settings are so already. Throws `validation_failed`. */
function applyChange(settings: Settings, change: SettingsChange): Settings | undefined {
  const decision = decideChange(settings, change);
  switch (decision.kind) {
    case 'changed':
      return decision.settings;
    case 'same':
      return undefined;
    case 'refused':
      throw validationFailed([decision.fault]);
  }
}
