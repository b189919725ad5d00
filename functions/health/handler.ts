import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { checkHealth } from './check-health.ts';

export const operations = { checkHealth };

export const makeHandler = groupHandler('health', operations);

export const handler = makeHandler(getDeps);
