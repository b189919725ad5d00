import { directChat } from '#simulator/addresses.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { MessageView } from '#simulator/store/message-view.ts';

/** A message's view with what came later: its edits, its revoke, the reactions to it. */
export type ChangedView = MessageView & {
  readonly edited?: true;
  readonly reactions?: readonly { readonly from: string; readonly text: string }[];
};

/** Looks up the changes of a message. */
export type ChangesOf = (message: MessageRecord) => readonly MessageRecord[];

/** Sorts the changes that a phone knows by the messages which they mean. */
export function byTarget(changes: readonly MessageRecord[]): ChangesOf {
  const sorted = Map.groupBy(changes, ({ chat, view }) => keyOf(chat, view.quotedId ?? ''));
  return ({ chat, id }) => sorted.get(keyOf(chat, id)) ?? [];
}

/**
 * Applies the changes in the order of their arrival. Only the author of a message may edit or
 * revoke it; of each person's reactions the last one counts, and an empty one takes it back.
 */
export function changedView(target: MessageRecord, changes: readonly MessageRecord[]): ChangedView {
  const byAuthor = changes.filter(({ from }) => from.number === target.from.number);
  if (byAuthor.some(({ view }) => view.type === 'revoke')) return { type: 'revoked', text: '' };
  const edit = byAuthor.findLast(({ view }) => view.type === 'edit');
  const reactions = reactionsIn(changes);
  return {
    ...target.view,
    ...(edit ? editedFields(target.view, edit.view.text) : {}),
    ...(reactions.length > 0 ? { reactions } : {}),
  };
}

function editedFields(view: MessageView, text: string): Partial<ChangedView> {
  return { text, ...(view.media ? { caption: text } : {}), edited: true };
}

function reactionsIn(changes: readonly MessageRecord[]): { from: string; text: string }[] {
  const last = new Map<string, string>();
  for (const { from, view } of changes) {
    if (view.type !== 'reaction') continue;
    last.delete(from.number);
    if (view.text !== '') last.set(from.number, view.text);
  }
  return [...last].map(([number, text]) => ({ from: directChat(number), text }));
}

function keyOf(chat: string, id: string): string {
  return `${chat}\n${id}`;
}
