import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { showRunners } from './show-runners.ts';

export const operations = { showRunners };

export const makeHandler = groupHandler('runners', operations);

export const handler = makeHandler(getDeps);
