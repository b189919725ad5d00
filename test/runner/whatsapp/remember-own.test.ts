import { MessageRetryManager } from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { rememberOwnAlone } from '#runner/whatsapp/remember-own.ts';

const CHAT = '15550000002@s.whatsapp.net';

it("keeps a message that we have sent for who asks again, and none of others'", () => {
  const manager = new MessageRetryManager(pino({ level: 'silent' }), 5);
  onTestFinished(() => manager.clear());
  rememberOwnAlone(manager, (id) => id === 'THEIRS');
  manager.addRecentMessage(CHAT, 'THEIRS', { conversation: 'hello' });
  manager.addRecentMessage(CHAT, 'OURS', { conversation: 'hi' });

  expect(manager.getRecentMessage(CHAT, 'THEIRS')).toBeUndefined();
  expect(manager.getRecentMessage(CHAT, 'OURS')?.message).toEqual({ conversation: 'hi' });
});
