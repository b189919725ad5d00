import * as z from 'zod';

/** The events of an instance that a webhook can ask for: open-wa's listener names (v4.76), and our own after them. */
export const WebhookEventName = z.enum([
  'onMessage',
  'onAnyMessage',
  'onMessageDeleted',
  'onAck',
  'onReaction',
  'onPollVote',
  'onButton',
  'onBroadcast',
  'onStory',
  'onChatState',
  'onChatOpened',
  'onChatDeleted',
  'onContactAdded',
  'onAddedToGroup',
  'onRemovedFromGroup',
  'onGlobalParticipantsChanged',
  'onGroupChange',
  'onGroupApprovalRequest',
  'onIncomingCall',
  'onCallState',
  'onStateChanged',
  'onLogout',
  'onPlugged',
  'onBattery',
  'onLabel',
  'onOrder',
  'onNewProduct',
  'onQr',
  'onRestriction',
  'onMessageEdited',
  'onMessageSent',
  'onMessageFailed',
  'onMessageExpired',
  'onMessageCanceled',
  'onWebhookDisabled',
  'onTest',
]);
export type WebhookEventName = z.infer<typeof WebhookEventName>;

/** Names that open-wa knows and that nothing raises any more: they may be asked for, so that its users need not change. Why. */
export const DEAD_EVENTS = {
  onChatOpened: 'It told that a chat was opened in the window of a browser, and there is none.',
  onPlugged: 'A phone tells its linked devices nothing of its charger.',
  onBattery: 'A phone tells its linked devices nothing of its battery.',
  onNewProduct: 'A phone tells its linked devices nothing of its catalog.',
} as const satisfies Partial<Record<WebhookEventName, string>>;

/** All that may be raised: what `all` stands for. */
export const LIVE_EVENTS: readonly WebhookEventName[] = WebhookEventName.options.filter(
  (name) => !(name in DEAD_EVENTS),
);
