import { AuthState } from '#runner/journal/auth-state.ts';
import { ChatBook } from '#runner/outbound/chat-book.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { journalOf } from './journal/journal-for-test.ts';

/** The chats of an instance, in an auth state of their own. */
export async function aChatBook(blobs: Blobs) {
  const auth = await AuthState.open(journalOf(blobs, { instanceId: 'chats' }));
  return { auth, chats: new ChatBook(auth) };
}
