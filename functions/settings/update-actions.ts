import type * as z from 'zod';
import type { Settings } from '#shared/domain/settings.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { changeSettings } from './change-settings.ts';
import { SettingsQuery, Switch, settingsBody } from './settings-body.ts';

const ACTIONS = {
  send_default_msg: Switch,
  reply_group_msgs: Switch,
  reply_unread_msgs: Switch,
  reply_msgs: Switch,
  multi_device: Switch,
  send_webhook: Switch,
} as const satisfies Record<keyof Settings['actions'], z.ZodType>;

const Body = settingsBody(ACTIONS);

/** Switches what the bot does. */
export const updateActions = defineRoute({
  auth: 'either',
  body: Body,
  query: SettingsQuery,
  async run({ body: { session_id, access_token, ...actions }, ...call }, deps: EditNeeds) {
    return await changeSettings({ actions }, call, deps);
  },
});
