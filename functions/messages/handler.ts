import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { sendMessage } from './send-message.ts';
import { sendText } from './send-text.ts';
import { showMessage } from './show-message.ts';

export const operations = { sendMessage, showMessage, sendText };

export const makeHandler = groupHandler('messages', operations);

export const handler = makeHandler(getDeps);
