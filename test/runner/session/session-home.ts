import { InboundRecorder } from '#runner/inbound/inbound-recorder.ts';
import { NoticeRecorder } from '#runner/inbound/notice-recorder.ts';
import { AuthSource } from '#runner/journal/auth-source.ts';
import { eraseUnread } from '#runner/journal/erase-unread.ts';
import { Acknowledgements } from '#runner/outbound/acknowledgements.ts';
import { Session, type SessionDeps } from '#runner/session/session.ts';
import { SessionReporter } from '#runner/session/session-reporter.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import { CommandRepository } from '#shared/repositories/command-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { LidRepository } from '#shared/repositories/lid-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { GatedLog } from '../journal/gated-log.ts';
import { journalOf } from '../journal/journal-for-test.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { anOutbox } from '../outbound/an-outbox.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { HeardSocket } from '../scripted-socket.ts';
import { listeningLog } from '../silent-log.ts';
import { aRecorder } from '../webhooks/a-recorder.ts';

/** All that sessions of one instance need: everything is real but WhatsApp and time. */
export async function openSessionHome(changes: Partial<Instance> = {}) {
  const { storage, clock } = await openForTest();
  const instance = anInstance(1, changes);
  const instances = new InstanceRepository(storage.table);
  const { table } = storage;
  const messages = new MessageRepository(table);
  const lids = new LidRepository(table);
  await instances.create(instance);
  await new EndpointRepository(table).replace(anEndpoint(instance), undefined);
  const { recorder: events, recorded } = aRecorder(table);
  const sleep = new ManualSleep();
  const { log, sentences } = listeningLog();
  const authLog = new GatedLog(journalOf(storage.mediaBlobs, instance));
  const sockets: HeardSocket[] = [];
  const auth = new AuthSource({
    makeLog: () => authLog,
    eraseUnread: () => eraseUnread(instance.instanceId, storage.mediaBlobs),
  });
  const openAuth = () => auth.open();
  let ids = 0;
  const metrics = recordedMetrics();
  const common = { now: clock.now, sleep: sleep.sleep, metrics, log };

  function makeSession(current: Instance, deps: Partial<SessionDeps> = {}) {
    const { instanceId } = current;
    const newId = () => {
      ids += 1;
      return `id ${ids}`;
    };
    const reporter = new SessionReporter(current, {
      ...common,
      instances,
      events,
      newId,
      runnerId: 'runner',
    });
    const { worker: outbox } = anOutbox(current, { ...common, table });
    const onAdvanced = async () => undefined;
    const acknowledgements = new Acknowledgements(instanceId, {
      ...common,
      messages,
      outbox,
      onAdvanced,
    });
    const session = new Session(current, {
      ...common,
      openAuth,
      openSocket: (_auth, listener) => {
        const socket = new HeardSocket(instanceId, listener);
        sockets.push(socket);
        return socket;
      },
      pace: async () => undefined,
      isLeaseOurs: async () => true,
      reporter,
      outbox,
      acknowledgements,
      inbound: new InboundRecorder(current, {
        ...common,
        events,
        messages,
        lids,
        choices: new ChoiceRepository(table),
        received: new ReceivedRepository(table),
        findTarget: async () => undefined,
        openVote: () => undefined,
        fetchMedia: async () => undefined,
        answer: async () => undefined,
      }),
      notices: new NoticeRecorder(current, { ...common, events }),
      lids,
      jitter: () => 0,
      ...deps,
    });
    return { session, reporter };
  }

  return {
    instance,
    instances,
    messages,
    outbox: new OutboxRepository(table),
    commands: new CommandRepository(table),
    lids,
    recorded,
    storage,
    clock,
    sleep,
    log,
    sentences,
    authLog,
    auth,
    openAuth,
    makeSession,
    sockets,
    /** The `n`th connection, once it is made. */
    async socket(n: number): Promise<HeardSocket> {
      await until(`connection ${n} is made`, () => sockets[n - 1] !== undefined);
      const socket = sockets[n - 1];
      if (socket === undefined) throw new Error('There is no such connection.');
      return socket;
    },
    record: async () => await instances.get(instance),
    hasStatus: async (status: Instance['status']) =>
      await until(
        `the status is ${status}`,
        async () => (await instances.get(instance))?.status === status,
      ),
  };
}
