import type {
  EditablePart,
  InstanceEdit,
  InstanceRef,
} from '#shared/repositories/instance-repository.ts';
import type { Deps } from './deps.ts';
import { tryEdit } from './try-edit.ts';

export type EditNeeds = Pick<Deps, 'instances' | 'now' | 'random' | 'sleep'>;

/** Edits a part of the record as it is then, whoever else does. Throws `unavailable` when too many do at once. */
export async function editInstance<Part extends EditablePart>(
  ref: InstanceRef,
  edit: InstanceEdit<Part>,
  { instances, now, ...deps }: EditNeeds,
): Promise<'changed' | 'same' | 'gone'> {
  return await tryEdit(async () => await instances.edit(ref, edit, now()), deps);
}
