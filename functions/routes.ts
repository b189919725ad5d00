/**
 * The whole API as data. Infrastructure makes its routes from it, the local gateway matches calls by it, and
 * the compiler checks that every operation is there. It imports nothing.
 *
 * `auth`: `none` needs no credentials · `account` a Bearer token · `instance` a Bearer token of the owner or the
 * instance's own token, and names one instance, by `{id}` in the path where there is one · `either` works for the whole account or for one instance.
 */
type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'ANY';
  /** As API Gateway writes it: `{id}` is a parameter, `$default` is every call that nothing else takes. */
  readonly path: `/${string}` | '$default';
  /** The folder under `functions/`, and the Lambda. */
  readonly group:
    | 'auth'
    | 'instances'
    | 'messages'
    | 'webhooks'
    | 'settings'
    | 'bot'
    | 'contacts'
    | 'people'
    | 'attachments'
    | 'runners'
    | 'health'
    | 'docs'
    | 'fallback';
  readonly operation: string;
  readonly auth: 'none' | 'account' | 'instance' | 'either';
  readonly deprecated?: true;
};

// biome-ignore format: a table is read by its columns.
export const routes = [
  { method: 'POST', path: '/auth/register', group: 'auth', operation: 'register', auth: 'none' },
  { method: 'POST', path: '/auth/login', group: 'auth', operation: 'login', auth: 'none' },
  { method: 'POST', path: '/auth/refresh', group: 'auth', operation: 'refresh', auth: 'none' },
  { method: 'POST', path: '/auth/logout', group: 'auth', operation: 'logout', auth: 'none' },
  { method: 'POST', path: '/auth/keys', group: 'auth', operation: 'createKey', auth: 'account' },
  { method: 'GET', path: '/auth/keys', group: 'auth', operation: 'listKeys', auth: 'account' },
  { method: 'DELETE', path: '/auth/keys/{id}', group: 'auth', operation: 'deleteKey', auth: 'account' },

  { method: 'POST', path: '/whatsapp/createNewWhatsapp', group: 'instances', operation: 'createInstance', auth: 'account' },
  { method: 'GET', path: '/whatsapp', group: 'instances', operation: 'listInstances', auth: 'either' },
  { method: 'POST', path: '/whatsapp/init', group: 'instances', operation: 'initInstance', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/scan', group: 'instances', operation: 'scanQr', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/pair', group: 'instances', operation: 'pairPhone', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/instance', group: 'instances', operation: 'showInstance', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/instance/logout/{id}', group: 'instances', operation: 'logoutInstance', auth: 'instance' },
  { method: 'DELETE', path: '/whatsapp/{id}', group: 'instances', operation: 'deleteInstance', auth: 'instance' },

  { method: 'POST', path: '/whatsapp/message', group: 'messages', operation: 'sendMessage', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/image', group: 'messages', operation: 'sendImage', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/video', group: 'messages', operation: 'sendVideo', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/audio', group: 'messages', operation: 'sendAudio', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/doc', group: 'messages', operation: 'sendDocument', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/sticker', group: 'messages', operation: 'sendSticker', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/fileurl', group: 'messages', operation: 'sendFileUrl', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/location', group: 'messages', operation: 'sendLocation', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/contact', group: 'messages', operation: 'sendContact', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/list', group: 'messages', operation: 'sendList', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/button', group: 'messages', operation: 'sendButtons', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/MediaButton', group: 'messages', operation: 'sendMediaButtons', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/poll', group: 'messages', operation: 'sendPoll', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/reaction', group: 'messages', operation: 'sendReaction', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/edit', group: 'messages', operation: 'editMessage', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/delete', group: 'messages', operation: 'deleteMessage', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/forward', group: 'messages', operation: 'forwardMessage', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/read', group: 'messages', operation: 'markRead', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/presence', group: 'messages', operation: 'showPresence', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/messages', group: 'messages', operation: 'listMessages', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/message/{id}/cancel', group: 'messages', operation: 'cancelMessage', auth: 'either' },
  { method: 'POST', path: '/whatsapp/message/{id}/retry', group: 'messages', operation: 'retryMessage', auth: 'either' },
  { method: 'GET', path: '/whatsapp/message/{id}', group: 'messages', operation: 'showMessage', auth: 'either' },
  { method: 'POST', path: '/whatsapp/sendText', group: 'messages', operation: 'sendText', auth: 'instance', deprecated: true },
  { method: 'POST', path: '/whatsapp/message/sendText', group: 'messages', operation: 'sendText', auth: 'instance', deprecated: true },

  { method: 'GET', path: '/whatsapp/media/{mediaId}', group: 'messages', operation: 'showMedia', auth: 'instance' },

  { method: 'GET', path: '/whatsapp/check/{number}', group: 'people', operation: 'checkNumber', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/lids/{lid}', group: 'people', operation: 'showLid', auth: 'instance' },

  { method: 'PUT', path: '/whatsapp/setWebhook', group: 'webhooks', operation: 'setWebhook', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/webhook', group: 'webhooks', operation: 'showWebhook', auth: 'account' },
  { method: 'POST', path: '/whatsapp/webhooks', group: 'webhooks', operation: 'createEndpoint', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/webhooks', group: 'webhooks', operation: 'listEndpoints', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/webhooks/deliveries', group: 'webhooks', operation: 'listDeliveries', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/webhooks/deliveries/{deliveryId}', group: 'webhooks', operation: 'showDelivery', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/webhooks/deliveries/{deliveryId}/replay', group: 'webhooks', operation: 'replayDelivery', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/webhooks/{webhookId}', group: 'webhooks', operation: 'showEndpoint', auth: 'instance' },
  { method: 'PUT', path: '/whatsapp/webhooks/{webhookId}', group: 'webhooks', operation: 'changeEndpoint', auth: 'instance' },
  { method: 'DELETE', path: '/whatsapp/webhooks/{webhookId}', group: 'webhooks', operation: 'deleteEndpoint', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/webhooks/{webhookId}/rotate', group: 'webhooks', operation: 'rotateSecret', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/webhooks/{webhookId}/test', group: 'webhooks', operation: 'testEndpoint', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/webhooks/{webhookId}/replay', group: 'webhooks', operation: 'replayEvents', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/webhooks/{webhookId}/redrive', group: 'webhooks', operation: 'redriveDeliveries', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/events', group: 'webhooks', operation: 'listEvents', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/events/stream', group: 'webhooks', operation: 'streamEvents', auth: 'instance' },

  { method: 'POST', path: '/whatsapp/contacts', group: 'contacts', operation: 'createContact', auth: 'account' },
  { method: 'GET', path: '/whatsapp/contacts', group: 'contacts', operation: 'listContacts', auth: 'account' },
  { method: 'GET', path: '/whatsapp/contacts/{id}', group: 'contacts', operation: 'showContact', auth: 'account' },
  { method: 'PUT', path: '/whatsapp/contacts/{id}', group: 'contacts', operation: 'replaceContact', auth: 'account' },
  { method: 'DELETE', path: '/whatsapp/contacts/{id}', group: 'contacts', operation: 'deleteContact', auth: 'account' },

  { method: 'POST', path: '/whatsapp/attachments', group: 'attachments', operation: 'createAttachment', auth: 'either' },
  { method: 'GET', path: '/whatsapp/attachments', group: 'attachments', operation: 'listAttachments', auth: 'either' },
  { method: 'GET', path: '/whatsapp/attachments/{id}', group: 'attachments', operation: 'showAttachment', auth: 'either' },
  { method: 'DELETE', path: '/whatsapp/attachments/{id}', group: 'attachments', operation: 'deleteAttachment', auth: 'either' },

  { method: 'PUT', path: '/whatsapp/updateGeneral', group: 'settings', operation: 'updateGeneral', auth: 'either' },
  { method: 'PUT', path: '/whatsapp/updateActions', group: 'settings', operation: 'updateActions', auth: 'either' },
  { method: 'PUT', path: '/whatsapp/updateActiveDays', group: 'settings', operation: 'updateActiveDays', auth: 'either' },
  { method: 'PUT', path: '/whatsapp/updateActiveHours', group: 'settings', operation: 'updateActiveHours', auth: 'either' },
  { method: 'PUT', path: '/whatsapp/updatePace', group: 'settings', operation: 'updatePace', auth: 'either' },
  { method: 'GET', path: '/whatsapp/pace', group: 'settings', operation: 'showPace', auth: 'instance' },

  { method: 'POST', path: '/whatsapp/keywords', group: 'bot', operation: 'createKeyword', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/keywords', group: 'bot', operation: 'listKeywords', auth: 'instance' },
  { method: 'GET', path: '/whatsapp/keywords/{keywordId}', group: 'bot', operation: 'showKeyword', auth: 'instance' },
  { method: 'PUT', path: '/whatsapp/keywords/{keywordId}', group: 'bot', operation: 'replaceKeyword', auth: 'instance' },
  { method: 'DELETE', path: '/whatsapp/keywords/{keywordId}', group: 'bot', operation: 'deleteKeyword', auth: 'instance' },
  { method: 'POST', path: '/whatsapp/bot/preview', group: 'bot', operation: 'previewReply', auth: 'instance' },

  { method: 'GET', path: '/runners', group: 'runners', operation: 'showRunners', auth: 'account' },

  { method: 'GET', path: '/healthz', group: 'health', operation: 'checkHealth', auth: 'none' },
  { method: 'GET', path: '/openapi.json', group: 'docs', operation: 'showOpenapi', auth: 'none' },
  { method: 'GET', path: '/docs', group: 'docs', operation: 'showDocs', auth: 'none' },
  { method: 'GET', path: '/docs/{file}', group: 'docs', operation: 'showDocsFile', auth: 'none' },
  { method: 'ANY', path: '$default', group: 'fallback', operation: 'refuseRoute', auth: 'none' },
] as const satisfies readonly Route[];

export type Group = Route['group'];
export type Auth = Route['auth'];

/** The routes of one group, with their literal types. */
export type RouteOf<G extends Group> = Extract<(typeof routes)[number], { group: G }>;

/** The name by which API Gateway calls a route: `POST /whatsapp/init`, or `$default`. */
export function routeKeyOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return path === '$default' ? path : `${method} ${path}`;
}
