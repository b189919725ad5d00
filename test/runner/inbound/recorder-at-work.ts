import type { InboundDeps } from '#runner/inbound/inbound-recorder.ts';
import { InboundRecorder } from '#runner/inbound/inbound-recorder.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { LidRepository } from '#shared/repositories/lid-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { aRecorder } from '../webhooks/a-recorder.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';
import { anInboundMessage } from './messages.ts';

export const instance = anInstance(1);

/** The recorder of an instance whose customer wants every event; the test can take its table away. */
export async function recorderAtWork(
  fetchMedia: InboundDeps['fetchMedia'] = async () => undefined,
) {
  const { storage, clock } = await openForTest();
  const table = new FaultyTable(storage.table);
  const events: WebhookEvent['event'][] = ['onMessage', 'onAnyMessage', 'onButton'];
  await new EndpointRepository(table).replace(anEndpoint(instance, { events }), undefined);
  const { recorder, recorded } = aRecorder(table);
  const sleep = new ManualSleep();
  const { log, sentences } = listeningLog();
  const repositories = {
    messages: new MessageRepository(table),
    choices: new ChoiceRepository(table),
    received: new ReceivedRepository(table),
    lids: new LidRepository(table),
  };
  const inbound = new InboundRecorder(instance, {
    ...repositories,
    events: recorder,
    fetchMedia,
    sleep: sleep.sleep,
    log,
  });
  const done: string[] = [];
  const take = (text: string, waId = text) =>
    inbound.take(anInboundMessage({ waId, content: { kind: 'chat', text, mentioned: [] } }), () =>
      done.push(text),
    );
  return { ...repositories, inbound, take, done, recorded, table, clock, sleep, sentences };
}
