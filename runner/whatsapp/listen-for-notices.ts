import type { BaileysEventEmitter, BinaryNode } from '@whiskeysockets/baileys';
import type { Notice } from '../inbound/notice.ts';
import { type NoticeReader, readGroupNotice } from './read-group-notice.ts';
import * as read from './read-other-notices.ts';

export type NoticeListenerDeps = {
  /** `undefined` before the device is linked. */
  readonly reader: () => NoticeReader | undefined;
  /** Whether what a new device is told at first, of chats, contacts and labels as they are, is through. */
  readonly isSynced: () => boolean;
  readonly onNotice: (notice: Notice) => void;
  /** A notice that could not be read. */
  readonly onUnreadable: (err: unknown) => void;
  readonly now: () => Date;
};

/** What of a Baileys socket is listened to. */
type Heard = {
  readonly ev: Pick<BaileysEventEmitter, 'on'>;
  readonly ws: { on(event: string, listener: (stanza: BinaryNode) => void): unknown };
};

/** Passes on what comes on a Baileys socket beside messages. */
export function listenForNotices({ ev, ws }: Heard, deps: NoticeListenerDeps): void {
  const { reader, isSynced, onNotice, onUnreadable, now } = deps;
  const pass = (notices: (reader: NoticeReader, at: Date) => readonly (Notice | undefined)[]) => {
    const known = reader();
    if (known === undefined) return;
    try {
      for (const notice of notices(known, now())) if (notice) onNotice(notice);
    } catch (err) {
      onUnreadable(err);
    }
  };
  const passChange = (notices: Parameters<typeof pass>[0]) => {
    if (isSynced()) pass(notices);
  };
  for (const type of ['w:gp2', 'picture']) {
    ws.on(`CB:notification,type:${type}`, (stanza: BinaryNode) =>
      pass((known) => readGroupNotice(stanza, known)),
    );
  }
  ws.on('CB:chatstate', (stanza: BinaryNode) =>
    pass((known, at) => [read.readChatState(stanza, known, at)]),
  );
  ev.on('call', (calls) => pass((known) => calls.map((call) => read.readCall(call, known))));
  ev.on('connection.update', ({ reachoutTimeLock }) =>
    pass((_known, at) => [read.readTimeLock(reachoutTimeLock, at)]),
  );
  ev.on('message-capping.update', (cap) => pass((_known, at) => [read.readCapping(cap, at)]));
  ev.on('chats.delete', (jids) =>
    passChange((_known, at) => jids.map((jid) => read.readDeletedChat(jid, at))),
  );
  ev.on('contacts.upsert', (contacts) =>
    passChange((known, at) => contacts.map((one) => read.readContact(one, known, at))),
  );
  ev.on('labels.edit', (label) => passChange((_known, at) => [read.readLabel(label, at)]));
  ev.on('labels.association', (change) =>
    passChange((_known, at) => [read.readLabelled(change, at)]),
  );
}
