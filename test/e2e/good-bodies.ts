import type { routes } from '#functions/routes.ts';

type WithBody = Extract<(typeof routes)[number], { method: 'POST' | 'PUT' }>;

const CHAT = '2349048988056';
const ID = '64ac311eee05a1a2c27fbdb5';
const WA_ID = '3EB015715C3A6439227F11';

const OPTIONS = { expiresIn: 60, sendAt: '2026-11-25T09:30:00Z' };
const CONTEXT = { quotedMessageId: WA_ID, mentions: [CHAT] };
const FILE = { chatId: CHAT, attachmentId: ID, caption: 'Yo', ...CONTEXT, ...OPTIONS };
const ACCOUNT = { email: 'somebody@example.com', password: 'a good password' };
const BUTTONS = {
  text: 'title Head',
  buttons: [
    { type: 'replyButton', title: 'Reply', payload: 'reply' },
    { type: 'urlButton', title: 'Click', payload: 'https://example.com' },
    { type: 'callButton', title: 'Call', payload: '918788889688' },
  ],
  footerText: 'title footer',
};
const WEBHOOK = {
  webhook_url: 'https://example.com/hook',
  url: 'https://example.com/hook',
  events: ['onMessage'],
  filters: { chats: [CHAT], groups: false, from_me: true },
  requestConfig: { timeout: 5_000 },
};
const CARD = {
  fullName: 'john doe',
  displayName: 'johndoe',
  organization: 'Men In Black',
  phoneNumber: '919999999999',
};

const RULE = {
  keyword: 'price',
  keywords: ['cost'],
  match: 'word',
  case_sensitive: false,
  accent_sensitive: false,
  priority: 1,
  chats: 'all',
  enabled: true,
  reply: { type: 'text', message: 'It is {five|5} dollars, [name].' },
};

/** A body with every field that an operation knows. */
export const GOOD_BODIES: Readonly<Record<WithBody['operation'], object>> = {
  register: ACCOUNT,
  login: ACCOUNT,
  refresh: { refresh_token: 'wbr_x' },
  logout: { refresh_token: 'wbr_x' },
  createKey: { name: 'a key' },
  createInstance: {},
  initInstance: {
    config: { multiDevice: true, setWebhook: true, webhookUrl: 'https://example.com/hook' },
  },
  pairPhone: { phone: CHAT },
  sendMessage: {
    chatId: CHAT,
    message: 'Hello dear',
    attachments: [ID],
    location: { name: 'locationName', lat: '6.556452', lng: '3.2774487' },
    contactId: ID,
    ...CONTEXT,
    ...OPTIONS,
  },
  sendImage: FILE,
  sendVideo: FILE,
  sendAudio: { ...FILE, ptt: true },
  sendDocument: { ...FILE, filename: 'a.pdf' },
  sendSticker: FILE,
  sendFileUrl: {
    chatId: CHAT,
    url: 'https://example.com/a.jpg',
    type: 'image',
    mimetype: 'image/jpeg',
    caption: 'Caption',
    filename: 'a.jpg',
    ptt: false,
  },
  sendLocation: { chatId: CHAT, lat: 6.5, lng: 3.2, name: 'a place', address: 'a street' },
  sendContact: { chatId: CHAT, vcard: CARD, ...OPTIONS },
  sendList: {
    chatId: CHAT,
    msgdata: {
      buttonText: 'Button Text',
      text: 'Middle Text',
      title: 'Head Title',
      description: 'Footer',
      sections: [{ title: 'title', rows: [{ title: 'One', description: 'x', rowId: 'one' }] }],
      listType: 0,
    },
    native: false,
  },
  sendButtons: { chatId: CHAT, btndata: BUTTONS, native: false },
  sendMediaButtons: {
    chatId: CHAT,
    btndata: {
      ...BUTTONS,
      image: 'https://example.com/a.jpg',
      mediaType: 'image',
      mimeType: 'image/jpeg',
    },
  },
  sendPoll: { chatId: CHAT, name: 'Lunch?', options: ['Soup', 'Fish'], selectable: 1 },
  sendReaction: { chatId: CHAT, messageId: WA_ID, emoji: '👍', reaction: '👍' },
  editMessage: { messageId: WA_ID, message: 'better', text: 'better' },
  deleteMessage: { messageId: WA_ID },
  forwardMessage: { chatId: CHAT, messageId: WA_ID },
  markRead: { chatId: CHAT, messageIds: [WA_ID], messageId: WA_ID },
  showPresence: { chatId: CHAT, presence: 'composing' },
  cancelMessage: { x: 1 },
  retryMessage: OPTIONS,
  sendText: { to: CHAT, message: 'Hello sir 3.' },
  setWebhook: {
    webhook_url: 'https://example.com/hook',
    events: ['onMessage', 'onAnyMessage'],
    requestConfig: { headers: { 'x-key': 'a' } },
  },
  createEndpoint: WEBHOOK,
  changeEndpoint: { ...WEBHOOK, state: 'DISABLED' },
  rotateSecret: { x: 1 },
  testEndpoint: { x: 1 },
  replayDelivery: { x: 1 },
  replayEvents: { since: '2026-11-25T09:30:00Z', until: 1_795_000_000, cursor: 'x' },
  redriveDeliveries: { since: '2026-11-25T09:30:00Z', cursor: 'x' },
  createKeyword: RULE,
  replaceKeyword: RULE,
  previewReply: {
    message: 'What is the price?',
    at: '2026-11-25T09:30:00Z',
    chat: 'private',
    chatId: CHAT,
    name: 'Ada',
    number: CHAT,
    backlog: false,
  },
  createContact: CARD,
  replaceContact: CARD,
  createAttachment: { fileName: 'a.pdf', mimetype: 'application/pdf', size: 1_000 },
  updateGeneral: {
    bot_name: 'Bot Name',
    bot_timezone: '+1',
    bot_lang: 'en',
    default_msg: true,
    default_msg_minutes: 60,
  },
  updateActions: { send_default_msg: true, reply_msgs: true, send_webhook: true },
  updateActiveDays: { monday: true, sunday: false },
  updateActiveHours: { from: '00:00', to: '5:00' },
  updatePace: { on: true, per_minute: 20, burst: 5, chat_gap_ms: 1_000, typing: true },
};
