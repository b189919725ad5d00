import type { BinaryNode } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readGroupNotice } from '#runner/whatsapp/read-group-notice.ts';

const GROUP = '120363041234567890@g.us';
const ME = { phone: '2349040613521', lid: '77701' };
const ADA = { phone: '2348179803743', lid: '98765432101' };
const reader = { me: ME, known: <T>(person: T) => person };

function read(children: BinaryNode[], attrs: Record<string, string> = {}) {
  const head = { from: GROUP, id: '42', t: '1795348800', type: 'w:gp2' };
  const by = { participant: '98765432101:3@lid', participant_pn: '2348179803743@s.whatsapp.net' };
  return readGroupNotice(
    { tag: 'notification', attrs: { ...head, ...by, ...attrs }, content: children },
    reader,
  );
}

const participant = (jid: string): BinaryNode => ({ tag: 'participant', attrs: { jid } });
const node = (tag: string, attrs = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content !== undefined && { content }),
});

describe('readGroupNotice', () => {
  it.each(['add', 'remove', 'promote', 'demote'])('reads who is meant by <%s>', (action) => {
    expect(read([node(action, {}, [participant('15550000009@s.whatsapp.net')])])).toEqual([
      {
        kind: 'participants',
        key: `${GROUP}|42|0`,
        at: new Date('2026-11-22T12:00:00Z'),
        group: GROUP,
        by: ADA,
        action,
        who: [{ phone: '15550000009' }],
        includesUs: false,
      },
    ]);
  });

  it('knows us by either address, and takes a leaving for a removal', () => {
    for (const jid of ['77701:8@lid', '2349040613521@s.whatsapp.net']) {
      const notices = read([node('leave', {}, [participant(jid)])]);
      expect(notices).toMatchObject([{ action: 'remove', includesUs: true }]);
    }
  });

  it('tells of a group that somebody else has made with us', () => {
    const create = node('create', {}, [node('group', { id: '1', subject: 'Plans' })]);
    expect(read([create])).toMatchObject([{ kind: 'group_joined', subject: 'Plans', by: ADA }]);
    expect(read([create], { participant: '77701@lid' })).toEqual([]);
  });

  it.each<[BinaryNode, string, unknown]>([
    [node('subject', { subject: 'New' }), 'subject', 'New'],
    [
      node('description', { id: '1' }, [node('body', {}, Buffer.from('About us'))]),
      'description',
      'About us',
    ],
    [node('description', { id: '1' }, [node('delete')]), 'description', null],
    [node('announcement'), 'announce', true],
    [node('not_announcement'), 'announce', false],
    [node('locked'), 'restrict', true],
    [node('unlocked'), 'restrict', false],
    [node('invite', { code: 'abc' }), 'invite', 'abc'],
    [node('ephemeral', { expiration: '86400' }), 'ephemeral', 86_400],
    [node('not_ephemeral'), 'ephemeral', 0],
    [node('member_add_mode', {}, Buffer.from('admin_add')), 'member_add_mode', 'admin_add'],
    [
      node('membership_approval_mode', {}, [node('group_join', { state: 'on' })]),
      'membership_approval_mode',
      true,
    ],
    [node('set', { id: '7', author: '98765432101@lid' }), 'picture', '7'],
    [node('delete', { author: '98765432101@lid' }), 'picture', null],
  ])('reads the change of %j', (child, field, value) => {
    expect(read([child])).toMatchObject([{ kind: 'group_change', by: ADA, field, value }]);
  });

  it('reads who asks to join: whoever is named, else the author', () => {
    const attrs = { request_method: 'invite_link' };
    const asked = node('created_membership_requests', attrs, [
      node('requested_user', { jid: '15550000009@s.whatsapp.net' }),
    ]);
    expect(read([asked])).toMatchObject([
      {
        kind: 'join_request',
        action: 'created',
        method: 'invite_link',
        who: [{ phone: '15550000009' }],
      },
    ]);
    expect(read([node('revoked_membership_requests')])).toMatchObject([
      { kind: 'join_request', action: 'revoked', method: null, who: [ADA] },
    ]);
  });

  it('reads each part of a stanza under a key of its own, and passes over the rest', () => {
    const notices = read([node('subject', { subject: 'New' }), node('growth'), node('locked')]);
    expect(notices.map(({ key }) => key)).toEqual([`${GROUP}|42|0`, `${GROUP}|42|2`]);
    expect(read([node('set')], { from: '2348179803743@s.whatsapp.net' })).toEqual([]);
  });

  it('names the author of a picture, who is named inside', () => {
    const { participant: _by, ...attrs } = { from: GROUP, id: '42', t: '0', participant: '' };
    const set = node('set', { id: '7', author: '98765432101@lid' });
    const stanza = { tag: 'notification', attrs, content: [set] };
    expect(readGroupNotice(stanza, reader)).toMatchObject([{ by: { lid: '98765432101' } }]);
  });
});
