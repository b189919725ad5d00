import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { showPace } from './show-pace.ts';
import { updateActions } from './update-actions.ts';
import { updateActiveDays } from './update-active-days.ts';
import { updateActiveHours } from './update-active-hours.ts';
import { updateGeneral } from './update-general.ts';
import { updatePace } from './update-pace.ts';

export const operations = {
  updateGeneral,
  updateActions,
  updateActiveDays,
  updateActiveHours,
  updatePace,
  showPace,
};

export const makeHandler = groupHandler('settings', operations);

export const handler = makeHandler(getDeps);
