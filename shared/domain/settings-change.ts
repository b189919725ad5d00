import { faultOfHours } from './active-hours.ts';
import type { ErrorDetail } from './error.ts';
import type { Settings } from './settings.ts';

/** What is to be another way; what is absent stays as it is. */
export type SettingsChange = Partial<
  Pick<Settings, 'bot_name' | 'bot_timezone' | 'bot_lang' | 'default_msg' | 'default_msg_minutes'>
> & {
  readonly actions?: Partial<Settings['actions']>;
  readonly active_days?: Partial<Settings['active_days']>;
  readonly active_hours?: Partial<Settings['active_hours']>;
};

export type ChangeDecision =
  | { readonly kind: 'changed'; readonly settings: Settings }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly fault: ErrorDetail };

/** What the change makes of these settings; refused when the active hours would make no sense. */
export function decideChange(settings: Settings, change: SettingsChange): ChangeDecision {
  const changed: Settings = {
    ...settings,
    ...change,
    actions: { ...settings.actions, ...change.actions },
    active_days: { ...settings.active_days, ...change.active_days },
    active_hours: { ...settings.active_hours, ...change.active_hours },
  };
  const fault = change.active_hours && faultOfHours(changed.active_hours);
  if (fault) return { kind: 'refused', fault };
  return isSame(settings, changed) ? { kind: 'same' } : { kind: 'changed', settings: changed };
}

/** The second was made of the first, so that their keys are in the same order. */
function isSame(before: Settings, after: Settings): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
