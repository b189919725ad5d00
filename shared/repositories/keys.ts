import type { Key } from '../storage/table.ts';

/**
 * Every key of the one table, in one place.
 *
 *   what              pk                  sk                     gsi1pk            gsi1sk
 *   account           ACCOUNT#<id>        META
 *   e-mail            EMAIL#<address>     META
 *   login session     ACCOUNT#<id>        REFRESH#<session>
 *   API key           ACCOUNT#<id>        APIKEY#<key>
 *   contact           ACCOUNT#<id>        CONTACT#<contact>
 *   attachment        ACCOUNT#<id>        ATTACHMENT#<attachment>
 *   how many of them  ACCOUNT#<id>        CONTACTS, ATTACHMENTS
 *   deleted, bytes may yet come  ACCOUNT#<id>               DELETED_UPLOAD#<until>#<attachment>
 *   throttle          THROTTLE#<what>     <window>
 *   instance          ACCOUNT#<id>        INSTANCE#<id>          SHARD#<nnnn>      <id>
 *   its session id    SESSION#<id>        META
 *   shard             SHARD#<nnnn>        META
 *   lease of a shard  LEASE               <nnnn>
 *   runner            RUNNER              <runner>
 *   leader's lock     LEADER              META
 *   message           MESSAGE#<ulid>      META                   INSTANCE#<id>     <ulid>
 *   its WhatsApp id   WAID#<id>           <instance>
 *   outbox entry      OUTBOX#<instance>   <due>                  OUTBOX#<nnnn>     <instance>#<due>
 *   idempotency key   INSTANCE#<id>       IDEMPOTENCY#<hash>
 *   received message  INSTANCE#<id>       RECEIVED#<WhatsApp id>
 *   choices in a chat INSTANCE#<id>       CHOICES#<chat>
 *   number of a LID   INSTANCE#<id>       LID#<lid>
 *   keyword rule      INSTANCE#<id>       KEYWORD#<rule>
 *   of all of them    INSTANCE#<id>       KEYWORDS
 *   the bot in a chat INSTANCE#<id>       BOTCHAT#<chat>
 *   command           INSTANCE#<id>       COMMAND#<ulid>
 *   webhook endpoint  INSTANCE#<id>       WEBHOOK#<endpoint>
 *   event, by id      INSTANCE#<id>       EVENT#<event>
 *   event, by number  EVENTS#<instance>   <seq>
 *   delivery          DELIVERIES#<instance> <delivery>           DEAD#<instance> where it is   <delivery>
 *   what waits for an endpoint  WAITING#<instance>#<endpoint>    <due>#<seq>#<delivery>
 *   event counter     INSTANCE#<id>       SEQ
 *   what no event tells of yet  UNTOLD#<instance>                <what>
 */
export const keys = {
  account: (accountId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: 'META' }),
  email: (email: string): Key => ({ pk: `EMAIL#${email}`, sk: 'META' }),
  refresh: (accountId: string, sessionId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `REFRESH#${sessionId}`,
  }),
  apiKey: (accountId: string, keyId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `APIKEY#${keyId}`,
  }),
  contact: (accountId: string, contactId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `CONTACT#${contactId}`,
  }),
  attachment: (accountId: string, attachmentId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `ATTACHMENT#${attachmentId}`,
  }),
  /** How many contacts and attachments there are. */
  contacts: (accountId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: 'CONTACTS' }),
  attachments: (accountId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: 'ATTACHMENTS' }),
  /** `until` is an ISO time: by it, no upload can be under way any more. */
  deletedUpload: (accountId: string, until: string, attachmentId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `DELETED_UPLOAD#${until}#${attachmentId}`,
  }),
  throttle: (subject: string, window: string): Key => ({ pk: `THROTTLE#${subject}`, sk: window }),
  instance: (accountId: string, instanceId: string): Key => ({
    pk: `ACCOUNT#${accountId}`,
    sk: `INSTANCE#${instanceId}`,
  }),
  session: (sessionId: string): Key => ({ pk: `SESSION#${sessionId}`, sk: 'META' }),
  runner: (runnerId: string): Key => ({ pk: 'RUNNER', sk: runnerId }),
  leader: (): Key => ({ pk: 'LEADER', sk: 'META' }),
  /** In one partition, so that one strong read shows who holds what. */
  lease: (shard: number): Key => ({ pk: 'LEASE', sk: shardDigits(shard) }),
  shard: (shard: number): Key => ({ pk: shardPartition(shard), sk: 'META' }),
  message: (messageId: string): Key => ({ pk: `MESSAGE#${messageId}`, sk: 'META' }),
  waId: (waId: string, instanceId: string): Key => ({ pk: `WAID#${waId}`, sk: instanceId }),
  /** `dueKey` is of `dueKeyOf`. */
  outbox: (instanceId: string, dueKey: string): Key => ({
    pk: `OUTBOX#${instanceId}`,
    sk: dueKey,
  }),
  idempotency: (instanceId: string, keyHash: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `IDEMPOTENCY#${keyHash}`,
  }),
  received: (instanceId: string, waId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `RECEIVED#${waId}`,
  }),
  choices: (instanceId: string, chatId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `CHOICES#${chatId}`,
  }),
  lid: (instanceId: string, lid: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `LID#${lid}`,
  }),
  keyword: (instanceId: string, keywordId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `KEYWORD#${keywordId}`,
  }),
  /** How many rules there are, and a version that is another after each change of one. */
  keywords: (instanceId: string): Key => ({ pk: `INSTANCE#${instanceId}`, sk: 'KEYWORDS' }),
  botChat: (instanceId: string, chatId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `BOTCHAT#${chatId}`,
  }),
  command: (instanceId: string, commandId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `COMMAND#${commandId}`,
  }),
  webhook: (instanceId: string, endpointId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `WEBHOOK#${endpointId}`,
  }),
  event: (instanceId: string, eventId: string): Key => ({
    pk: `INSTANCE#${instanceId}`,
    sk: `EVENT#${eventId}`,
  }),
  numberedEvent: (instanceId: string, seq: number): Key => ({
    pk: `EVENTS#${instanceId}`,
    sk: String(seq).padStart(SEQ_DIGITS, '0'),
  }),
  delivery: (instanceId: string, deliveryId: string): Key => ({
    pk: `DELIVERIES#${instanceId}`,
    sk: deliveryId,
  }),
  /** `waitingKey` is of `waitingKeyOf`. */
  waiting: (instanceId: string, endpointId: string, waitingKey: string): Key => ({
    pk: `WAITING#${instanceId}#${endpointId}`,
    sk: waitingKey,
  }),
  seq: (instanceId: string): Key => ({ pk: `INSTANCE#${instanceId}`, sk: 'SEQ' }),
  /** `untoldKey` is of `untoldKeyOf`. */
  untold: (instanceId: string, untoldKey: string): Key => ({
    pk: `UNTOLD#${instanceId}`,
    sk: untoldKey,
  }),
} as const;

/** Enough digits that the text order of sequence numbers is their order. */
const SEQ_DIGITS = 16;

/** The index partition of an instance's messages. */
export function instancePartition(instanceId: string): string {
  return `INSTANCE#${instanceId}`;
}

/** The index partition of a shard's instances, and the partition of its own record. */
export function shardPartition(shard: number): string {
  return `SHARD#${shardDigits(shard)}`;
}

/** The index partition of a shard's outbox entries. */
export function shardOutboxPartition(shard: number): string {
  return `OUTBOX#${shardDigits(shard)}`;
}

/** The index partition of an instance's deliveries that came to nothing. */
export function deadDeliveriesPartition(instanceId: string): string {
  return `DEAD#${instanceId}`;
}

function shardDigits(shard: number): string {
  return String(shard).padStart(4, '0');
}
