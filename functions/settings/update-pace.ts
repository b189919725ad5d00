import type * as z from 'zod';
import type { Instance } from '#shared/domain/instance.ts';
import { changePace, PACE_FIELDS, type PaceSettings } from '#shared/domain/pace.ts';
import type { Deps } from '../deps.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { ringInstance } from '../ring-instance.ts';
import { changeInstances } from './change-instances.ts';
import { SettingsQuery, settingsBody } from './settings-body.ts';

/** `null` takes a setting back to its default. */
const FIELDS = {
  on: PACE_FIELDS.on.nullable().exactOptional(),
  per_minute: PACE_FIELDS.per_minute.nullable().exactOptional(),
  burst: PACE_FIELDS.burst.nullable().exactOptional(),
  chat_gap_ms: PACE_FIELDS.chat_gap_ms.nullable().exactOptional(),
  new_chats_per_day: PACE_FIELDS.new_chats_per_day.nullable().exactOptional(),
  typing: PACE_FIELDS.typing.nullable().exactOptional(),
} as const satisfies Record<keyof PaceSettings, z.ZodType>;

const Body = settingsBody(FIELDS);

type Needs = EditNeeds & Pick<Deps, 'logger' | 'newUlid' | 'ringDoorbell'>;

/** Says how fast the sessions send: those that are up, from now on. */
export const updatePace = defineRoute({
  auth: 'either',
  body: Body,
  query: SettingsQuery,
  async run({ body: { session_id, access_token, ...change }, ...call }, deps: Needs) {
    const make = (pace: PaceSettings | undefined) => changePace(pace, change);
    const onChanged = async (instance: Instance) =>
      await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
    return await changeInstances({ part: 'pace', make, onChanged }, call, deps);
  },
});
