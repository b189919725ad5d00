import { AuthState } from '#runner/journal/auth-state.ts';
import { BlobAuthLog } from '#runner/journal/blob-auth-log.ts';
import { ChatBook } from '#runner/outbound/chat-book.ts';
import type { Blobs } from '#shared/storage/blobs.ts';

/** The chats of an instance, in an auth state of their own. */
export async function aChatBook(blobs: Blobs) {
  const auth = await AuthState.open(new BlobAuthLog(blobs, 'chats'));
  return { auth, chats: new ChatBook(auth) };
}
