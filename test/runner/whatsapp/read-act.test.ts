import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readInbound } from '#runner/whatsapp/read-inbound.ts';
import { anInboxEntry } from './inbox-entry.ts';

const ME = { id: '2349040613521:8@s.whatsapp.net', lid: '77701:8@lid' };
const OWN = { phone: '2349040613521', lid: '77701' };
const PERSON = '2348179803743@s.whatsapp.net';
const GROUP = '120363041234567890@g.us';
const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;

const fromPerson = { from: PERSON };
const inGroup = { from: GROUP, participant: PERSON };
const fromOwnPhone = { from: '2349040613521@s.whatsapp.net', recipient: PERSON };

const edit = (key: proto.IMessageKey): proto.IMessage => ({
  protocolMessage: { type: MESSAGE_EDIT, key, editedMessage: { conversation: 'better' } },
});
const revoke = (key: proto.IMessageKey): proto.IMessage => ({
  protocolMessage: { type: REVOKE, key },
});
const reaction = (key: proto.IMessageKey): proto.IMessage => ({
  reactionMessage: { key, text: '👍' },
});

function read(attrs: Record<string, string>, message: proto.IMessage) {
  return readInbound(anInboxEntry(attrs, message), ME);
}

describe('a message about another one', () => {
  it('is a reaction to ours, or to the own one of who reacts', () => {
    const toOurs = read(fromPerson, reaction({ id: 'A', fromMe: false, remoteJid: PERSON }));
    expect(toOurs?.act).toEqual({
      kind: 'reaction',
      emoji: '👍',
      target: { waId: 'A', fromMe: true, author: OWN },
    });
    expect(toOurs?.content).toEqual({ kind: 'unknown', text: '', mentioned: [] });
    const toTheirs = read(fromPerson, reaction({ id: 'A', fromMe: true }));
    expect(toTheirs?.act?.target).toEqual({
      waId: 'A',
      fromMe: false,
      author: { phone: '2348179803743' },
    });
  });

  it('names its author in a group, us by either of our addresses', () => {
    for (const participant of ['77701@lid', '2349040613521@s.whatsapp.net']) {
      const act = read(inGroup, reaction({ id: 'A', fromMe: false, participant }))?.act;
      expect(act?.target).toEqual({ waId: 'A', fromMe: true, author: OWN });
    }
    const participant = '15550000009@s.whatsapp.net';
    const another = read(inGroup, reaction({ id: 'A', fromMe: false, participant }))?.act;
    expect(another?.target).toEqual({
      waId: 'A',
      fromMe: false,
      author: { phone: '15550000009' },
    });
    expect(read(inGroup, reaction({ id: 'A', fromMe: false }))?.act).toBeUndefined();
  });

  it('is seen with the eyes of our own phone when it comes from there', () => {
    const toTheirs = { deviceSentMessage: { message: reaction({ id: 'A', fromMe: false }) } };
    expect(read(fromOwnPhone, toTheirs)?.act?.target).toEqual({
      waId: 'A',
      fromMe: false,
      author: { phone: '2348179803743' },
    });
    const toOurs = { deviceSentMessage: { message: reaction({ id: 'A', fromMe: true }) } };
    expect(read(fromOwnPhone, toOurs)?.act?.target).toMatchObject({ fromMe: true, author: OWN });
  });

  it('says anew what its sender has written', () => {
    const edited = read(fromPerson, edit({ id: 'A', fromMe: true }));
    expect(edited?.act).toMatchObject({ kind: 'edit', target: { waId: 'A', fromMe: false } });
    expect(edited?.content).toMatchObject({ kind: 'chat', text: 'better' });
    const wrapped = { editedMessage: { message: edit({ id: 'A', fromMe: true }) } };
    expect(read(fromPerson, wrapped)?.content).toMatchObject({ text: 'better' });
  });

  it('changes nothing that another one has written', () => {
    expect(read(fromPerson, edit({ id: 'A', fromMe: false }))).toBeUndefined();
    expect(read(fromPerson, revoke({ id: 'A', fromMe: false }))).toBeUndefined();
    const key = { id: 'A', fromMe: false, participant: '15550000009@s.whatsapp.net' };
    expect(read(inGroup, edit(key))).toBeUndefined();
    expect(read(inGroup, revoke(key))).toBeUndefined();
  });

  it("deletes another one's in a group when the server lets it pass as an admin's", () => {
    const key = { id: 'A', fromMe: false, participant: '15550000009@s.whatsapp.net' };
    const deleted = read({ ...inGroup, edit: '8' }, revoke(key));
    expect(deleted?.act).toEqual({
      kind: 'revoke',
      target: { waId: 'A', fromMe: false, author: { phone: '15550000009' } },
    });
    expect(deleted?.content.kind).toBe('revoked');
    expect(read({ ...fromPerson, edit: '8' }, revoke(key))).toBeUndefined();
  });

  it('is a vote, sealed', () => {
    const vote = {
      pollUpdateMessage: {
        pollCreationMessageKey: { id: 'A', fromMe: false },
        vote: { encPayload: Buffer.from('sealed'), encIv: Buffer.from('iv') },
      },
    };
    expect(read(fromPerson, vote)?.act).toMatchObject({ kind: 'vote', target: { fromMe: true } });
    const empty = { pollUpdateMessage: { pollCreationMessageKey: { id: 'A' } } };
    expect(read(fromPerson, empty)).toBeUndefined();
  });

  it('is none without a key', () => {
    for (const message of [reaction({}), edit({}), revoke({})]) {
      expect(read(fromPerson, message)).toBeUndefined();
    }
  });
});

describe('a message that comes to many', () => {
  it('is a status, of its author', () => {
    const status = read(
      { from: 'status@broadcast', participant: '98765432101@lid', participant_pn: PERSON },
      { conversation: 'at the sea' },
    );
    expect(status).toMatchObject({
      via: 'status',
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2348179803743', lid: '98765432101' },
      fromMe: false,
      remoteJid: 'status@broadcast',
    });
  });

  it('belongs into the chat with who sent it to a list', () => {
    const sent = read({ from: '1795348800@broadcast', participant: PERSON }, { conversation: 'x' });
    expect(sent).toMatchObject({
      via: 'broadcast',
      chat: { kind: 'phone', phone: '2348179803743' },
      partner: { phone: '2348179803743' },
    });
  });
});
