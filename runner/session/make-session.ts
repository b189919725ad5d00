import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, toAck } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { Ambient } from '../deps.ts';
import { InboundRecorder } from '../inbound/inbound-recorder.ts';
import { toOpenWaMessage } from '../inbound/open-wa-message.ts';
import type { AuthState } from '../journal/auth-state.ts';
import { Acknowledgements } from '../outbound/acknowledgements.ts';
import { OutboxWorker } from '../outbound/outbox-worker.ts';
import type { LoginPacer } from '../placement/login-pacer.ts';
import { toEventData } from '../webhooks/event-data.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';
import { BaileysSocket, type SocketOptions } from '../whatsapp/baileys-socket.ts';
import { toOwnMessage } from '../whatsapp/own-message.ts';
import type { KeptSession } from './instance-keeper.ts';
import { Session } from './session.ts';
import { SessionReporter } from './session-reporter.ts';

export type SessionParts = Ambient & {
  readonly runnerId: string;
  readonly instances: InstanceRepository;
  readonly messages: MessageRepository;
  readonly events: EventRecorder;
  readonly pacer: Pick<LoginPacer, 'wait'>;
  readonly network: Pick<SocketOptions, 'url' | 'version'>;
  readonly mayAct: SocketOptions['mayAct'];
  /** Whether a session sends at a pace where its customer says nothing. */
  readonly paceByDefault: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/** Puts together all that one instance's session needs. It does nothing until it is run. */
export function makeSession(
  instance: Instance,
  openAuth: () => Promise<AuthState>,
  parts: SessionParts,
): KeptSession {
  const { instanceId } = instance;
  const { messages, now, sleep, network, pacer, mayAct, metrics, log } = parts;
  const reporter = new SessionReporter(instance, parts);
  const onAdvanced = (message: Message) => recordAck(message, { instance, reporter, parts });
  const outbox: OutboxWorker = new OutboxWorker(instanceId, {
    ...parts,
    onFailed: (message) =>
      void onAdvanced(message).catch((err: unknown) => {
        log.error({ err, instanceId }, 'An event was lost.');
      }),
  });
  const acknowledgements = new Acknowledgements(instanceId, {
    messages,
    outbox,
    onAdvanced,
    now,
    metrics,
    log,
  });
  const session = new Session(instance, {
    ...parts,
    openAuth,
    reporter,
    outbox,
    acknowledgements,
    inbound: new InboundRecorder(instance, parts),
    pace: (signal) => pacer.wait(signal),
    openSocket: (auth, listener) =>
      new BaileysSocket({
        ...network,
        instanceId,
        auth,
        listener,
        mayAct,
        now,
        sleep,
        log,
        getContent: async (waId) => (await messages.getByWaId(waId, instanceId))?.content,
      }),
  });
  return { session, reporter };
}

/** `onAck` for every step, and `onAnyMessage` when WhatsApp has taken a message of ours. */
async function recordAck(
  message: Message,
  context: { instance: Instance; reporter: SessionReporter; parts: SessionParts },
): Promise<void> {
  const { instance, reporter, parts } = context;
  const own = toOwnMessage(message, reporter.user);
  if (own === undefined) return;
  const data = toEventData(toOpenWaMessage(own, toAck(message.state)));
  const at = parts.now();
  const { messageId, state } = message;
  if (state === 'SENT') {
    await parts.events.record(instance, { event: 'onAnyMessage', at, key: messageId, data });
  }
  await parts.events.record(instance, { event: 'onAck', at, key: `${messageId}|${state}`, data });
}
