import type * as z from 'zod';
import type { Settings } from '#shared/domain/settings.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { changeSettings } from './change-settings.ts';
import { SettingsQuery, Switch, settingsBody } from './settings-body.ts';

const DAYS = {
  monday: Switch,
  tuesday: Switch,
  wednesday: Switch,
  thursday: Switch,
  friday: Switch,
  saturday: Switch,
  sunday: Switch,
} as const satisfies Record<keyof Settings['active_days'], z.ZodType>;

const Body = settingsBody(DAYS);

/** Says on which days of the week the bot is active, in its time zone. */
export const updateActiveDays = defineRoute({
  auth: 'either',
  body: Body,
  query: SettingsQuery,
  async run({ body: { session_id, access_token, ...days }, ...call }, deps: EditNeeds) {
    return await changeSettings({ active_days: days }, call, deps);
  },
});
