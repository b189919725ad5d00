import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { checkHealth } from './check-health.ts';
import { refuseRoute } from './refuse-route.ts';

export const makeHandler = groupHandler('health', { checkHealth, refuseRoute });

export const handler = makeHandler(getDeps);
