import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import type { Menu } from '#shared/domain/render-menu.ts';
import { validationFailed } from '../http/validate.ts';

/** The rendered menu, as the parts of a content. Throws `validation_failed` when it has become too long to be sent. */
export function toMenuContent(
  { text, choices, native }: Menu,
  { isNative, path }: { isNative: boolean; path: string },
) {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = `must make a text of at most ${TEXT_LENGTH_MAX} characters`;
    throw validationFailed([{ path, message }]);
  }
  return { text, choices, ...(isNative && { native }) };
}
