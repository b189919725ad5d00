import { ulid } from 'ulid';
import { Bot } from '#runner/bot/bot.ts';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Settings } from '#shared/domain/settings.ts';
import { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { anId } from '../../shared/repositories/open-table.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';

/** The bot of an instance over a real table, which the test can take away. */
export async function botAtWork(changes: Partial<Instance> = {}) {
  const { storage, clock } = await openForTest();
  const table = new FaultyTable(storage.table);
  const instance = anInstance(1, {
    user: { id: '2349040613521:8@s.whatsapp.net', name: 'Waap Test' },
    status: 'CONNECTED',
    ...changes,
  });
  const instances = new InstanceRepository(table);
  await instances.create(instance);
  const keywords = new KeywordRepository(table);
  const botChats = new BotChatRepository(table);
  const messages = new MessageRepository(table);
  const outbox = new OutboxRepository(table);
  const { log, sentences, written } = listeningLog();
  const metrics = recordedMetrics();
  let rings = 0;
  const makeBot = () =>
    new Bot(instance, {
      instances,
      keywords,
      botChats,
      messages,
      metrics,
      ring: () => {
        rings += 1;
      },
      newId: () => ulid(),
      now: clock.now,
      log,
    });
  let rules = 0;
  return {
    instance,
    instances,
    keywords,
    botChats,
    table,
    clock,
    metrics,
    sentences,
    written,
    /** One that remembers nothing, as after a restart. */
    makeBot,
    bot: makeBot(),
    rings: () => rings,
    async teach(change: Partial<KeywordRule> = {}): Promise<KeywordRule> {
      rules += 1;
      const { accountId, instanceId } = instance;
      const at = clock.now().toISOString();
      const rule: KeywordRule = {
        accountId,
        instanceId,
        keywordId: anId(rules),
        keywords: ['price'],
        match: 'word',
        caseSensitive: false,
        accentSensitive: false,
        priority: 0,
        chats: 'all',
        enabled: true,
        reply: { type: 'text', text: 'It is $5.' },
        createdAt: at,
        updatedAt: at,
        ...change,
      };
      await keywords.create(rule);
      return rule;
    },
    async set(actions: Partial<Settings['actions']>): Promise<void> {
      const make = (settings: Settings) => ({
        ...settings,
        actions: { ...settings.actions, ...actions },
      });
      await instances.edit(instance, { part: 'settings', make }, clock.now());
    },
    /** What waits to be sent, in order. */
    async waiting(): Promise<Message[]> {
      const found: Message[] = [];
      for await (const { messageId } of outbox.all(instance.instanceId)) {
        const message = await messages.get(messageId);
        if (message) found.push(message);
      }
      return found;
    },
  };
}
