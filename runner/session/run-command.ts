import type { CommandAnswer, CommandRequest } from '#shared/domain/command.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import type { WhatsAppSocket } from './whatsapp-socket.ts';

const NOT_CONNECTED: CommandAnswer = { kind: 'refused', reason: 'The instance is not connected.' };

/** Does what the control plane asks of a session, if it is up. Never rejects: an answer that fails is a refusal. */
export async function runCommand(
  request: CommandRequest,
  socket: WhatsAppSocket | undefined,
): Promise<CommandAnswer> {
  if (!socket?.isOpen) return NOT_CONNECTED;
  try {
    return await runOn(socket, request);
  } catch {
    return { kind: 'refused', reason: 'WhatsApp did not answer.' };
  }
}

async function runOn(socket: WhatsAppSocket, request: CommandRequest): Promise<CommandAnswer> {
  switch (request.kind) {
    case 'check_number':
      return { kind: 'checked', ...(await socket.checkNumber(request.phone)) };
    case 'show_presence': {
      const chat = parseRecipient(request.chatId);
      if (chat) await socket.showPresence(chat, request.presence);
      return { kind: 'done' };
    }
    case 'mark_read':
      await socket.markRead(request.messages);
      return { kind: 'done' };
  }
}
