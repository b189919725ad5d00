import type { MessageRetryManager } from '@whiskeysockets/baileys';

/**
 * Baileys keeps the last 512 messages of a socket for five minutes, for devices that ask for one again, and those that
 * came in too (Socket/messages-recv.js, handleMessage). Nobody asks us for what others wrote, so it need not be kept.
 */
export function rememberOwnAlone(
  manager: MessageRetryManager | null,
  isReceived: (waId: string) => boolean,
): void {
  if (manager === null) return;
  const add = manager.addRecentMessage.bind(manager);
  manager.addRecentMessage = (to, waId, message) => {
    if (!isReceived(waId)) add(to, waId, message);
  };
}
