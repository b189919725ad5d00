import type { InboundDeps } from '#runner/inbound/inbound-recorder.ts';
import { InboundRecorder } from '#runner/inbound/inbound-recorder.ts';
import { findShownMessage } from '#runner/session/find-shown-message.ts';
import { openVote } from '#runner/whatsapp/open-vote.ts';
import { toOwnMessage } from '#runner/whatsapp/own-message.ts';
import { readReceived } from '#runner/whatsapp/read-received.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
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
/** Whom it is linked to. */
const USER = { id: '2349040613521:8@s.whatsapp.net', lid: '77701:8@lid', name: 'Shop' };

/** The recorder of an instance whose customer wants every event; the test can take its table away. */
export async function recorderAtWork(
  fetchMedia: InboundDeps['fetchMedia'] = async () => undefined,
  answer: InboundDeps['answer'] = async () => undefined,
) {
  const { storage, clock } = await openForTest();
  const table = new FaultyTable(storage.table);
  const events: WebhookEvent['event'][] = [...LIVE_EVENTS];
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
    findTarget: (target) =>
      findShownMessage({ instanceId: instance.instanceId, user: USER }, target, {
        ...repositories,
        toOwnMessage,
        readReceived,
      }),
    openVote,
    fetchMedia,
    answer,
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
