import { EventEmitter } from 'node:events';
import {
  type BinaryNode,
  makeEventBuffer,
  NewChatMessageCappingStatusType,
  ReachoutTimelockEnforcementType,
  type WACallUpdateType,
} from '@whiskeysockets/baileys';
import { LabelAssociationType } from '@whiskeysockets/baileys/lib/Types/LabelAssociation.js';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Notice } from '#runner/inbound/notice.ts';
import { listenForNotices } from '#runner/whatsapp/listen-for-notices.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const PERSON = '2348179803743@s.whatsapp.net';
const GROUP = '120363041234567890@g.us';

/** Baileys' own emitter, and what was told of what it emits. */
function listening({ isSynced = true, isLinked = true } = {}) {
  const ev = makeEventBuffer(pino({ level: 'silent' }));
  const ws = new EventEmitter();
  const notices: Notice[] = [];
  const unreadable: unknown[] = [];
  const known = <T>(person: T) => person;
  listenForNotices(
    { ev, ws },
    {
      reader: () => (isLinked ? { me: { phone: '2349040613521' }, known } : undefined),
      isSynced: () => isSynced,
      onNotice: (notice) => notices.push(notice),
      onUnreadable: (err) => unreadable.push(err),
      now: () => NOW,
    },
  );
  return { ev, ws, notices, unreadable };
}

const aCall = (status: WACallUpdateType) => ({
  chatId: '98765432101@lid',
  from: '98765432101:3@lid',
  callerPn: PERSON,
  id: 'CALL',
  date: NOW,
  offline: false,
  isVideo: true,
  status,
});

describe('listenForNotices', () => {
  it.each<[WACallUpdateType, string]>([
    ['offer', 'INCOMING_RING'],
    ['preaccept', 'CONNECTING'],
    ['accept', 'ACTIVE'],
    ['reject', 'REJECTED'],
    ['timeout', 'NOT_ANSWERED'],
    ['terminate', 'ENDED'],
  ])('tells of a call that is at %s', (status, state) => {
    const { ev, notices } = listening();
    ev.emit('call', [aCall(status)]);
    expect(notices).toEqual([
      {
        kind: 'call',
        key: `CALL|${state}`,
        at: NOW,
        callId: 'CALL',
        from: { phone: '2348179803743', lid: '98765432101' },
        isVideo: true,
        state,
        backlog: false,
      },
    ]);
  });

  it('tells nothing of how a call is set up', () => {
    const { ev, notices } = listening();
    ev.emit('call', [aCall('transport'), aCall('relaylatency'), aCall('ringing')]);
    expect(notices).toEqual([]);
  });

  it.each<[BinaryNode, string]>([
    [{ tag: 'composing', attrs: {} }, 'composing'],
    [{ tag: 'composing', attrs: { media: 'audio' } }, 'recording'],
    [{ tag: 'paused', attrs: {} }, 'paused'],
  ])('tells what somebody does in a chat: %j', (child, state) => {
    const { ws, notices } = listening();
    const direct = { from: '98765432101@lid', sender_pn: PERSON };
    ws.emit('CB:chatstate', { tag: 'chatstate', attrs: direct, content: [child] });
    const inGroup = { from: GROUP, participant: PERSON };
    ws.emit('CB:chatstate', { tag: 'chatstate', attrs: inGroup, content: [child] });
    expect(notices).toMatchObject([
      { kind: 'chat_state', chat: { kind: 'phone' }, user: { lid: '98765432101' }, state },
      { chat: { kind: 'group' }, user: { phone: '2348179803743' }, state },
    ]);
  });

  it('tells of chats that are deleted, and of contacts', () => {
    const { ev, notices } = listening();
    ev.emit('chats.delete', [PERSON, 'status@broadcast']);
    ev.emit('contacts.upsert', [{ id: PERSON, lid: '98765432101@lid', name: 'Ada' }]);
    expect(notices).toMatchObject([
      { kind: 'chat_deleted', chat: { phone: '2348179803743' } },
      { kind: 'contact', person: { phone: '2348179803743', lid: '98765432101', name: 'Ada' } },
    ]);
  });

  it('tells of labels, and of what they are put on', () => {
    const { ev, notices } = listening();
    ev.emit('labels.edit', { id: '7', name: 'New', color: 1, deleted: false });
    ev.emit('labels.edit', { id: '7', name: 'New', color: 1, deleted: true });
    const { Chat, Message } = LabelAssociationType;
    const chat = { type: Chat, chatId: PERSON, labelId: '7' } as const;
    ev.emit('labels.association', { type: 'add', association: chat });
    const message = { type: Message, chatId: GROUP, messageId: 'A', labelId: '7' } as const;
    ev.emit('labels.association', { type: 'remove', association: message });
    expect(notices).toMatchObject([
      { kind: 'label', action: 'edit', labelId: '7', name: 'New' },
      { action: 'delete' },
      { action: 'add', item: { chat: { kind: 'phone' } } },
      { action: 'remove', item: { chat: { kind: 'group' }, waId: 'A' } },
    ]);
    expect(new Set(notices.map(({ key }) => key)).size).toBe(4);
  });

  it('tells nothing of what a new device is told at first', () => {
    const { ev, notices } = listening({ isSynced: false });
    ev.emit('chats.delete', [PERSON]);
    ev.emit('contacts.upsert', [{ id: PERSON }]);
    ev.emit('labels.edit', { id: '7', name: 'New', color: 1, deleted: false });
    expect(notices).toEqual([]);
  });

  it('tells what WhatsApp does not let the number do, and until when', () => {
    const { ev, notices } = listening();
    const until = new Date('2026-11-23T12:00:00Z');
    const enforcementType = ReachoutTimelockEnforcementType.BIZ_QUALITY;
    const lock = { isActive: true, timeEnforcementEnds: until, enforcementType };
    ev.emit('connection.update', { reachoutTimeLock: lock });
    ev.emit('connection.update', { reachoutTimeLock: { isActive: false } });
    ev.emit('connection.update', { connection: 'open' });
    const capping_status = NewChatMessageCappingStatusType.CAPPED;
    const cap = { total_quota: 50, used_quota: 50, cycle_end_timestamp: '1795435200' };
    ev.emit('message-capping.update', { ...cap, capping_status });
    const { NONE } = NewChatMessageCappingStatusType;
    ev.emit('message-capping.update', { ...cap, capping_status: NONE });
    expect(notices).toMatchObject([
      { restriction: { code: 'REACHOUT_TIMELOCK', until: until.toISOString() } },
      { restriction: { code: 'NEW_CHATS_CAPPED', until: '2026-11-23T12:00:00.000Z' } },
    ]);
  });

  it('hears nothing while no device is linked, and survives what it cannot read', () => {
    const unlinked = listening({ isLinked: false });
    unlinked.ev.emit('call', [aCall('offer')]);
    expect(unlinked.notices).toEqual([]);
    const { ev, notices, unreadable } = listening();
    const endless = new Date(Number.NaN);
    ev.emit('connection.update', {
      reachoutTimeLock: { isActive: true, timeEnforcementEnds: endless },
    });
    expect(notices).toEqual([]);
    expect(unreadable).toHaveLength(1);
  });
});
