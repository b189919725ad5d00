import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { forwardEndSlash } from './forward-end-slash.ts';
import { invokeGroup } from './invoke-group.ts';
import { refuseRoute } from './refuse-route.ts';

export const operations = { refuseRoute };

export const makeHandler = groupHandler('fallback', operations);

export const handler = forwardEndSlash(makeHandler(getDeps), invokeGroup);
