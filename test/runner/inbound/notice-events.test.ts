import { describe, expect, it } from 'vitest';
import type { Notice } from '#runner/inbound/notice.ts';
import { noticeEvents } from '#runner/inbound/notice-events.ts';
import { NoticeRecorder } from '#runner/inbound/notice-recorder.ts';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { aRecorder } from '../webhooks/a-recorder.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';

const GROUP = '120363041234567890@g.us';
const AT = new Date('2026-11-22T12:00:00Z');
const ADA = { phone: '2348179803743', lid: '98765432101', name: 'Ada' };
const BY = { id: '2348179803743@c.us', phone: '2348179803743', pushname: 'Ada' };

const added: Notice = {
  kind: 'participants',
  key: 'one',
  at: AT,
  group: GROUP,
  by: ADA,
  action: 'add',
  who: [{ phone: '15550000009' }],
  includesUs: true,
};
const ringing: Notice = {
  kind: 'call',
  key: 'CALL|INCOMING_RING',
  at: AT,
  callId: 'CALL',
  from: ADA,
  isVideo: false,
  state: 'INCOMING_RING',
  backlog: false,
};

describe('noticeEvents', () => {
  const eventsOf = (notice: Notice) => noticeEvents(notice).map(({ event }) => event);

  it('tell of members, and of our own coming and going by its own name', () => {
    expect(noticeEvents(added)).toMatchObject([
      {
        event: 'onGlobalParticipantsChanged',
        data: {
          by: BY.id,
          byObj: BY,
          action: 'add',
          who: ['15550000009@c.us'],
          chat: GROUP,
        },
      },
      { event: 'onAddedToGroup', data: { id: GROUP, isGroup: true, by: BY } },
    ]);
    expect(eventsOf({ ...added, action: 'remove' })[1]).toBe('onRemovedFromGroup');
    expect(eventsOf({ ...added, action: 'promote' })).toHaveLength(1);
    expect(eventsOf({ ...added, includesUs: false })).toHaveLength(1);
    const { by: _by, ...nobody } = added;
    expect(noticeEvents(nobody)[0]?.data).toMatchObject({ by: null, byObj: null });
  });

  it('tell of a call that rings by both names, and of its end by one', () => {
    expect(eventsOf(ringing)).toEqual(['onIncomingCall', 'onCallState']);
    const ended: Notice = { ...ringing, state: 'ENDED', group: GROUP };
    expect(noticeEvents(ended)).toMatchObject([
      {
        event: 'onCallState',
        data: { id: 'CALL', State: 'ENDED', isGroup: true, chat: GROUP, offerTime: 1_795_348_800 },
      },
    ]);
  });

  it.each<[Notice, object]>([
    [
      { kind: 'group_joined', key: 'k', at: AT, group: GROUP, subject: 'Plans' },
      { event: 'onAddedToGroup', data: { id: GROUP, name: 'Plans', by: null } },
    ],
    [
      {
        kind: 'group_change',
        key: 'k',
        at: AT,
        group: GROUP,
        by: ADA,
        field: 'subject',
        value: 'New',
      },
      { event: 'onGroupChange', data: { type: 'subject', body: 'New', author: BY.id } },
    ],
    [
      {
        kind: 'join_request',
        key: 'k',
        at: AT,
        group: GROUP,
        action: 'created',
        method: 'invite_link',
        who: [ADA],
      },
      { event: 'onGroupApprovalRequest', data: { chat: { id: GROUP }, who: [BY] } },
    ],
    [
      {
        kind: 'chat_state',
        key: 'k',
        at: AT,
        chat: { kind: 'group', group: '120' },
        user: ADA,
        state: 'composing',
      },
      {
        event: 'onChatState',
        data: { chat: '120@g.us', user: BY.id, state: 'composing' },
        isFleeting: true,
      },
    ],
    [
      { kind: 'chat_deleted', key: 'k', at: AT, chat: { kind: 'phone', phone: ADA.phone } },
      { event: 'onChatDeleted', data: { id: BY.id, isGroup: false } },
    ],
    [
      { kind: 'contact', key: 'k', at: AT, person: ADA },
      { event: 'onContactAdded', data: { id: BY.id, name: 'Ada', lid: '98765432101' } },
    ],
    [
      {
        kind: 'label',
        key: 'k',
        at: AT,
        action: 'add',
        labelId: '7',
        item: { chat: { kind: 'phone', phone: ADA.phone }, waId: 'A' },
      },
      { event: 'onLabel', data: { id: '7', items: [{ type: 'Message', id: 'A', chatId: BY.id }] } },
    ],
    [
      {
        kind: 'restriction',
        key: 'k',
        at: AT,
        restriction: { code: 'X', message: 'x', until: null },
      },
      { event: 'onRestriction', data: { code: 'X' } },
    ],
  ])('tell of %j', (notice, event) => {
    expect(noticeEvents(notice)).toMatchObject([event]);
  });
});

describe('NoticeRecorder', () => {
  async function recording() {
    const { storage } = await openForTest();
    const instance = anInstance();
    const table = new FaultyTable(storage.table);
    const endpoint = anEndpoint(instance, { events: [...LIVE_EVENTS] });
    await new EndpointRepository(table).replace(endpoint, undefined);
    const { recorder: events, recorded } = aRecorder(table);
    const sleep = new ManualSleep();
    const { log, sentences } = listeningLog();
    const recorder = new NoticeRecorder(instance, { events, sleep: sleep.sleep, log });
    return { recorder, recorded, table, sleep, sentences };
  }

  it('records once what comes twice, in the order told', async () => {
    const { recorder, recorded } = await recording();
    for (const notice of [ringing, ringing, added]) recorder.take(notice);
    await recorder.idle();
    expect(recorded.map(({ event }) => event)).toEqual([
      'onIncomingCall',
      'onCallState',
      'onGlobalParticipantsChanged',
      'onAddedToGroup',
    ]);
  });

  it('waits for a table that is away, and says so when it stays away', async () => {
    const { recorder, recorded, table, sleep, sentences } = await recording();
    table.isAway = () => true;
    recorder.take(ringing);
    for (let tries = 1; tries < 5; tries += 1) {
      await until(`it waits after try ${tries}`, () => sleep.asked.length === tries);
      sleep.wake();
    }
    await recorder.idle();
    expect(sentences()).toEqual(['A notice was lost.']);
    recorder.take(added);
    await until('it waits', () => sleep.asleep.length === 1);
    table.isAway = () => false;
    sleep.wake();
    await recorder.idle();
    expect(recorded).toHaveLength(2);
  });
});
