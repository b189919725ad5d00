import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { checkHealth } from './check-health.ts';

export const makeHandler = groupHandler('health', { checkHealth });

export const handler = makeHandler(getDeps);
