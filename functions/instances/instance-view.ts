import { type Instance, phoneOf } from '#shared/domain/instance.ts';
import { type Settings, shownBotName } from '#shared/domain/settings.ts';

/** An instance as `createNewWhatsapp` answers it; the order of the keys is that of the customer's page. */
export function toCreatedView(instance: Instance) {
  const { settings, createdAt, updatedAt } = instance;
  return {
    settings: {
      bot_name: shownBotName(settings.bot_name, phoneOf(instance.user)),
      status: instance.status,
      bot_timezone: settings.bot_timezone,
      bot_lang: settings.bot_lang,
      default_msg: settings.default_msg,
      actions: settings.actions,
      active_days: settings.active_days,
      active_hours: settings.active_hours,
      access_token: instance.accessToken,
    },
    _id: instance.instanceId,
    user_id: instance.accountId,
    session_id: instance.sessionId,
    createdAt,
    updatedAt,
    __v: 0,
  };
}

/** An instance in the list of `GET /whatsapp`; the order of the keys is that of the customer's page. */
export function toListedView(instance: Instance) {
  const { settings, createdAt, updatedAt } = instance;
  const phone = phoneOf(instance.user);
  return {
    _id: instance.instanceId,
    settings: {
      bot_number: phone ?? null,
      bot_name: shownBotName(settings.bot_name, phone),
      status: instance.status,
      bot_timezone: settings.bot_timezone,
      default_msg: settings.default_msg,
      ...minutesOf(settings),
      actions: settings.actions,
      active_days: settings.active_days,
      active_hours: settings.active_hours,
      access_token: instance.accessToken,
    },
    session_id: instance.sessionId,
    createdAt,
    updatedAt,
    __v: 0,
  };
}

/** The page knows nothing of it: it is shown where somebody has set it. */
function minutesOf({ default_msg_minutes }: Settings) {
  return default_msg_minutes === undefined ? {} : { default_msg_minutes };
}
