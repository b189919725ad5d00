import { ActiveTime } from '#shared/domain/active-hours.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { changeSettings } from './change-settings.ts';
import { SettingsQuery, settingsBody } from './settings-body.ts';

const Body = settingsBody({
  from: ActiveTime.exactOptional(),
  to: ActiveTime.exactOptional(),
});

/** Says between which times of the day the bot is active, in its time zone. */
export const updateActiveHours = defineRoute({
  auth: 'either',
  body: Body,
  query: SettingsQuery,
  async run({ body: { session_id, access_token, ...hours }, ...call }, deps: EditNeeds) {
    return await changeSettings({ active_hours: hours }, call, deps);
  },
});
