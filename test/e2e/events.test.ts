import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkedInstance } from './linked-instance.ts';
import { type Event, LinkedTree } from './linked-tree.ts';

const BUSINESS = '15550000001';
const ANNA = '15550000002';
const BEN = '15550000003';
const BUSINESS_ID = `${BUSINESS}@c.us`;
const ANNA_ID = `${ANNA}@c.us`;
const BEN_ID = `${BEN}@c.us`;

let system: LinkedTree;
let instance: LinkedInstance;

beforeAll(async () => {
  system = await LinkedTree.open({ phone: BUSINESS, others: [ANNA, BEN] });
  instance = system.instance;
}, 60_000);

afterAll(async () => {
  await system.close();
});

/** Has a phone send something; answers the message's id. */
async function say(
  content: object,
  { from = ANNA, to = BUSINESS as unknown } = {},
): Promise<string> {
  const path = `/phones/${from}/messages`;
  const { body } = await system.tree.simulator.call('POST', path, { to, ...content });
  return Object(body).id;
}

async function post(path: string, body: object, method = 'POST'): Promise<Record<string, string>> {
  const reply = await system.tree.simulator.call(method, path, body);
  if (reply.status >= 300) throw new Error(`Not taken: ${JSON.stringify(reply)}`);
  return Object(reply.body);
}

/** The data of the first event of this name that the condition holds for. */
async function told(name: string, isIt: (data: Event['data']) => boolean = () => true) {
  const { data } = await system.event(name, ({ event, data }) => event === name && isIt(data));
  return data;
}

describe('a message that is about another one', () => {
  it('is an edit, and a deletion', async () => {
    const id = await say({ text: 'helo' });
    await told('onMessage', (data) => data.mId === id);
    await say({ edit: { id, text: 'hello' } });
    const edited = await told('onMessageEdited');
    expect(edited).toMatchObject({ id: `false_${ANNA_ID}_${id}`, body: 'hello', type: 'chat' });
    await say({ revoke: { id } });
    expect(await told('onMessageDeleted')).toMatchObject({
      id: `false_${ANNA_ID}_${id}`,
      type: 'revoked',
      body: '',
      deletedBy: { phone: ANNA },
    });
  });

  it('is a reaction to ours, and its taking back', async () => {
    const id = await instance.send(ANNA, 'how are you?');
    const sent = await told('onMessageSent', (data) => data.wa_id === id);
    expect(sent).toMatchObject({ chatId: ANNA_ID, state: 'SENT', failure: null });
    await system.shown(ANNA, id);
    await say({ reaction: { id, text: '👍' } });
    expect(await told('onReaction', ({ type }) => type === 'add')).toMatchObject({
      messageId: `true_${ANNA_ID}_${id}`,
      message: { body: 'how are you?', fromMe: true },
      reactions: [{ aggregateEmoji: '👍' }],
      sender: { phone: ANNA },
    });
    await say({ reaction: { id, text: '' } });
    await told('onReaction', ({ type }) => type === 'change');
  });

  it('is a vote in our poll, and in one of theirs', async () => {
    const options = ['Soup', 'Fish'];
    const ours = await instance.sendAs('poll', { chatId: ANNA, name: 'Lunch?', options });
    await system.shown(ANNA, ours);
    await say({ pollVote: { id: ours, options: ['Fish'] } });
    const inOurs = await told('onPollVote', ({ pollMessage }) => pollMessage.mId === ours);
    expect(inOurs).toMatchObject({
      pollMessage: { type: 'poll_creation', body: 'Lunch?', fromMe: true },
      votes: [{ sender: ANNA_ID, selectedOptionValues: ['Fish'] }],
    });
    const theirs = await say({ poll: { name: 'Tea?', options: ['Yes', 'No'] } });
    await say({ pollVote: { id: theirs, options: ['Yes'] } });
    const inTheirs = await told('onPollVote', ({ pollMessage }) => pollMessage.mId === theirs);
    expect(inTheirs.votes[0].selectedOptionValues).toEqual(['Yes']);
  });
});

it('is told of a status and of a broadcast list, which are no messages of a chat', async () => {
  const status = await say({ text: 'at the sea' }, { to: 'status@broadcast' });
  expect(await told('onStory')).toMatchObject({
    from: ANNA_ID,
    message: { mId: status, body: 'at the sea', chatId: 'status@broadcast' },
  });
  const broadcast = await say({ text: 'we are open' }, { to: [BEN, BUSINESS] });
  expect(await told('onBroadcast')).toMatchObject({
    mId: broadcast,
    chatId: ANNA_ID,
    body: 'we are open',
  });
  const after = await say({ text: 'and now to you' });
  await told('onAnyMessage', ({ mId }) => mId === after);
  const ids = system.events
    .filter(({ event }) => event === 'onMessage' || event === 'onAnyMessage')
    .map(({ data }) => data.mId);
  expect(ids).not.toContain(status);
  expect(ids).not.toContain(broadcast);
});

it('is told of what happens in groups', async () => {
  const group = { subject: 'Plans', participants: [ANNA, BEN, BUSINESS] };
  const { id = '' } = await post('/groups', group);
  const change = async (by: string, what: object) => await post(`/phones/${by}/groups/${id}`, what);
  const joined = await told('onAddedToGroup', (data) => data.id === id);
  expect(joined).toMatchObject({ name: 'Plans', isGroup: true, by: { phone: ANNA } });

  await change(ANNA, { promote: [BUSINESS] });
  const promoted = await told('onGlobalParticipantsChanged', ({ action }) => action === 'promote');
  expect(promoted).toMatchObject({ by: ANNA_ID, who: [BUSINESS_ID], chat: id });
  await change(BEN, { leave: true });
  const left = await told('onGlobalParticipantsChanged', ({ action }) => action === 'remove');
  expect(left).toMatchObject({ by: BEN_ID, who: [BEN_ID] });
  await change(BEN, { request: true });
  const asked = await told('onGroupApprovalRequest');
  expect(asked).toMatchObject({ action: 'created', method: 'invite_link', who: [{ phone: BEN }] });
  await change(ANNA, { add: [BEN] });
  await told('onGlobalParticipantsChanged', ({ action, who }) => {
    return action === 'add' && who[0] === BEN_ID;
  });
  await change(ANNA, { subject: 'Other plans' });
  expect(await told('onGroupChange')).toMatchObject({ type: 'subject', body: 'Other plans' });
  await change(BEN, { description: 'What we are up to' });
  const described = await told('onGroupChange', ({ type }) => type === 'description');
  expect(described).toMatchObject({ author: BEN_ID, body: 'What we are up to' });

  await change(ANNA, { remove: [BUSINESS] });
  expect(await told('onRemovedFromGroup')).toMatchObject({ id, by: { phone: ANNA } });
});

it('is told of a call that rings and ends', async () => {
  const { id = '' } = await post(`/phones/${ANNA}/calls`, { to: BUSINESS, video: true });
  expect(await told('onIncomingCall')).toMatchObject({
    id,
    peerJid: ANNA_ID,
    isVideo: true,
    State: 'INCOMING_RING',
  });
  await post(`/phones/${ANNA}/calls/${id}`, {}, 'DELETE');
  expect(await told('onCallState', ({ State }) => State === 'ENDED')).toMatchObject({
    id,
    isVideo: true,
  });
});

describe('the end of a message', () => {
  it('is told when it is canceled', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const id = await instance.send(ANNA, 'never', { sendAt });
    await instance.post(`/${id}/cancel`);
    const canceled = await told('onMessageCanceled');
    expect(canceled).toMatchObject({ wa_id: id, state: 'CANCELED', at: expect.any(String) });
  });

  it('is told when it fails, and when that is a restriction of the number', async () => {
    await post('/faults', { number: BUSINESS, kind: 'nack', code: 463 });
    const id = await instance.send(ANNA, 'refused');
    const failed = await told('onMessageFailed');
    expect(failed).toMatchObject({ wa_id: id, failure: { code: '463' } });
    expect(await told('onRestriction')).toMatchObject({ code: '463', until: null });
  });
});

it('was told of the code that linked it', async () => {
  const { qr, expires_at } = await told('onQr');
  expect(qr).toContain('https://wa.me/settings/linked_devices#');
  expect(Date.parse(expires_at)).toBeGreaterThan(0);
});
