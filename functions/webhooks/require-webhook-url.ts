import { checkWebhookUrl } from '#shared/domain/webhook-url.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../http/validate.ts';

/** The URL in its canonical form. Throws `validation_failed` at `path`. */
export function requireWebhookUrl(
  text: string,
  { path }: { path: string },
  { config }: Pick<Deps, 'config'>,
): string {
  if (text === '') throw validationFailed([{ path, message: 'is required' }]);
  const check = checkWebhookUrl(text, { allowPrivate: config.allowPrivateUrls });
  switch (check.kind) {
    case 'ok':
      return check.url;
    case 'refused':
      throw validationFailed([{ path, message: check.reason }]);
  }
}
