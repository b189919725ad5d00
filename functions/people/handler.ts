import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { checkNumber } from './check-number.ts';
import { showLid } from './show-lid.ts';

export const operations = { checkNumber, showLid };

export const makeHandler = groupHandler('people', operations);

export const handler = makeHandler(getDeps);
