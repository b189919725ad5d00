import { makeHandler as makeAttachmentsHandler } from '#functions/attachments/handler.ts';
import { makeHandler as makeAuthHandler } from '#functions/auth/handler.ts';
import { makeHandler as makeBotHandler } from '#functions/bot/handler.ts';
import { makeHandler as makeContactsHandler } from '#functions/contacts/handler.ts';
import type { GetDeps } from '#functions/deps.ts';
import { makeHandler as makeDocsHandler } from '#functions/docs/handler.ts';
import { makeHandler as makeFallbackHandler } from '#functions/fallback/handler.ts';
import { makeHandler as makeHealthHandler } from '#functions/health/handler.ts';
import type { LambdaHandler } from '#functions/http/group-handler.ts';
import { makeHandler as makeInstancesHandler } from '#functions/instances/handler.ts';
import { makeHandler as makeMessagesHandler } from '#functions/messages/handler.ts';
import { makeHandler as makePeopleHandler } from '#functions/people/handler.ts';
import type { Group } from '#functions/routes.ts';
import { makeHandler as makeRunnersHandler } from '#functions/runners/handler.ts';
import { makeHandler as makeSettingsHandler } from '#functions/settings/handler.ts';
import { makeHandler as makeWebhooksHandler } from '#functions/webhooks/handler.ts';

/** All of the control plane's Lambdas over the same dependencies. */
export function makeHandlers(getDeps: GetDeps): Record<Group, LambdaHandler> {
  return {
    auth: makeAuthHandler(getDeps),
    instances: makeInstancesHandler(getDeps),
    messages: makeMessagesHandler(getDeps),
    webhooks: makeWebhooksHandler(getDeps),
    bot: makeBotHandler(getDeps),
    contacts: makeContactsHandler(getDeps),
    people: makePeopleHandler(getDeps),
    attachments: makeAttachmentsHandler(getDeps),
    settings: makeSettingsHandler(getDeps),
    runners: makeRunnersHandler(getDeps),
    health: makeHealthHandler(getDeps),
    docs: makeDocsHandler(getDeps),
    fallback: makeFallbackHandler(getDeps),
  };
}
