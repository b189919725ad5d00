import { DomainError } from '#shared/domain/error.ts';
import type {
  EditablePart,
  InstanceEdit,
  InstanceRef,
} from '#shared/repositories/instance-repository.ts';
import type { Deps } from './deps.ts';

/** At every try at least one of those who write at once is done, and the pauses keep the others apart. */
const TRIES_MAX = 10;
const PAUSE_FIRST_MS = 20;
const PAUSE_MAX_MS = 400;

export type EditNeeds = Pick<Deps, 'instances' | 'now' | 'random' | 'sleep'>;

/** Edits a part of the record as it is then, whoever else does. Throws `unavailable` when too many do at once. */
export async function editInstance<Part extends EditablePart>(
  ref: InstanceRef,
  edit: InstanceEdit<Part>,
  { instances, now, random, sleep }: EditNeeds,
): Promise<'changed' | 'same' | 'gone'> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (tries > 0) await sleep(random() * Math.min(PAUSE_FIRST_MS * 2 ** tries, PAUSE_MAX_MS));
    const outcome = await instances.edit(ref, edit, now());
    if (outcome !== 'overtaken') return outcome;
  }
  throw new DomainError('unavailable', 'Too many calls change these settings at once.', {
    retryAfterS: 1,
  });
}
