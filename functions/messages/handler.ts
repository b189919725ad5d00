import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { cancelMessage } from './cancel-message.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessage } from './edit-message.ts';
import { forwardMessage } from './forward-message.ts';
import { listMessages } from './list-messages.ts';
import { markRead } from './mark-read.ts';
import { retryMessage } from './retry-message.ts';
import { sendButtons } from './send-buttons.ts';
import { sendContact } from './send-contact.ts';
import { sendAudio, sendDocument, sendImage, sendSticker, sendVideo } from './send-file.ts';
import { sendFileUrl } from './send-file-url.ts';
import { sendList } from './send-list.ts';
import { sendLocation } from './send-location.ts';
import { sendMediaButtons } from './send-media-buttons.ts';
import { sendMessage } from './send-message.ts';
import { sendPoll } from './send-poll.ts';
import { sendReaction } from './send-reaction.ts';
import { sendText } from './send-text.ts';
import { showMedia } from './show-media.ts';
import { showMessage } from './show-message.ts';
import { showPresence } from './show-presence.ts';

export const operations = {
  sendMessage,
  sendText,
  sendImage,
  sendVideo,
  sendAudio,
  sendDocument,
  sendSticker,
  sendFileUrl,
  sendLocation,
  sendContact,
  sendList,
  sendButtons,
  sendMediaButtons,
  sendPoll,
  sendReaction,
  editMessage,
  deleteMessage,
  forwardMessage,
  markRead,
  showPresence,
  listMessages,
  showMessage,
  showMedia,
  cancelMessage,
  retryMessage,
};

export const makeHandler = groupHandler('messages', operations);

export const handler = makeHandler(getDeps);
