import type { Settings } from '#shared/domain/settings.ts';
import type { ApiUnderTest } from '../api-under-test.ts';
import { type OwnedInstance, recordOf } from '../callers.ts';

export const GENERAL = 'PUT /whatsapp/updateGeneral';
export const ACTIONS = 'PUT /whatsapp/updateActions';
export const DAYS = 'PUT /whatsapp/updateActiveDays';
export const PACE = 'PUT /whatsapp/updatePace';
export const HOURS = 'PUT /whatsapp/updateActiveHours';

/** The whole answer, as the page has it. */
export function updated(modifiedCount: number, matchedCount: number): object {
  return {
    status: true,
    message: 'Whatsapp settings updated successfully!',
    data: { acknowledged: true, modifiedCount, upsertedId: null, upsertedCount: 0, matchedCount },
  };
}

export async function settingsOf(
  api: ApiUnderTest,
  instance: OwnedInstance,
): Promise<Settings | undefined> {
  return (await recordOf(api, instance))?.settings;
}
