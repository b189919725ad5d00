import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import type { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import type { LidRepository } from '#shared/repositories/lid-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import type { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { Bot } from '../bot/bot.ts';
import type { Ambient } from '../deps.ts';
import { InboundRecorder } from '../inbound/inbound-recorder.ts';
import { NoticeRecorder } from '../inbound/notice-recorder.ts';
import type { AuthState } from '../journal/auth-state.ts';
import { Acknowledgements } from '../outbound/acknowledgements.ts';
import { giveUpOf } from '../outbound/give-up.ts';
import { MediaPreparer, type PrepareMedia } from '../outbound/media-preparer.ts';
import { OutboxWorker } from '../outbound/outbox-worker.ts';
import { SendPacer } from '../outbound/send-pacer.ts';
import type { LoginPacer } from '../placement/login-pacer.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';
import { recordProgress } from '../webhooks/record-progress.ts';
import type { FetchEventMedia } from './fetch-event-media.ts';
import { findKeptMessage } from './find-kept-message.ts';
import { findShownMessage } from './find-shown-message.ts';
import type { KeptSession } from './instance-keeper.ts';
import { Session } from './session.ts';
import { SessionReporter } from './session-reporter.ts';
import type { OpenSocketOptions, WhatsApp } from './whatsapp.ts';

export type SessionParts = Ambient & {
  readonly runnerId: string;
  readonly instances: InstanceRepository;
  readonly messages: MessageRepository;
  readonly outbox: OutboxRepository;
  readonly received: ReceivedRepository;
  readonly choices: ChoiceRepository;
  readonly lids: LidRepository;
  readonly keywords: KeywordRepository;
  readonly botChats: BotChatRepository;
  readonly events: EventRecorder;
  readonly loginPacer: Pick<LoginPacer, 'turnsIn'>;
  readonly prepareMedia: PrepareMedia;
  readonly fetchMedia: FetchEventMedia;
  readonly openSocket: WhatsApp['openSocket'];
  readonly toOwnMessage: WhatsApp['toOwnMessage'];
  readonly readReceived: WhatsApp['readReceived'];
  readonly openVote: WhatsApp['openVote'];
  readonly mayAct: OpenSocketOptions['mayAct'];
  /** Whether the lease of a shard that this runner works on is still its own; if not, the runner lets go of all. */
  readonly isLeaseOurs: (shard: number) => Promise<boolean>;
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
  const { messages, now, sleep, loginPacer, mayAct, log } = parts;
  const reporter = new SessionReporter(instance, parts);
  const onAdvanced = (message: Message) =>
    recordProgress(message, { instance, user: reporter.user }, parts);
  const outbox = makeOutbox(instance, onAdvanced, parts);
  const acknowledgements = new Acknowledgements(instanceId, {
    ...parts,
    outbox,
    onAdvanced,
  });
  const bot = new Bot(instance, { ...parts, ring: () => outbox.ring() });
  const session: Session = new Session(instance, {
    ...parts,
    openAuth,
    reporter,
    outbox,
    acknowledgements,
    inbound: new InboundRecorder(instance, {
      ...parts,
      findTarget: (target) => findShownMessage({ instanceId, user: reporter.user }, target, parts),
      answer: (message) => bot.answer(message),
      fetchMedia: (message) => parts.fetchMedia(instanceId, message, () => session.connected()),
    }),
    notices: new NoticeRecorder(instance, parts),
    pace: loginPacer.turnsIn(instance.shard),
    isLeaseOurs: () => parts.isLeaseOurs(instance.shard),
    openSocket: (auth, listener) =>
      parts.openSocket({
        instanceId,
        auth,
        listener,
        mayAct,
        now,
        sleep,
        log,
        findMessage: (target) => findKeptMessage(instanceId, target, { ...parts, messages }),
      }),
  });
  return { session, reporter };
}

function makeOutbox(
  instance: Instance,
  onAdvanced: (message: Message) => Promise<void>,
  parts: SessionParts,
): OutboxWorker {
  const { instanceId } = instance;
  const { log } = parts;
  const onGivenUp = (message: Message) =>
    void onAdvanced(message).catch((err: unknown) => {
      log.error({ err, instanceId }, 'An event was lost.');
    });
  const giveUp = giveUpOf({ ...parts, onGivenUp });
  const media = new MediaPreparer({ ...parts, prepare: parts.prepareMedia, giveUp });
  const pacer = new SendPacer(instance, parts);
  return new OutboxWorker(instanceId, { ...parts, media, pacer, giveUp });
}
