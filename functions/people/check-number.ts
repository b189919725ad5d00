import { PhoneNumber } from '#shared/domain/recipient.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { type CommandNeeds, runCommand } from '../run-command.ts';

/** Whether a number is on WhatsApp, and by which addresses. */
export const checkNumber = defineRoute({
  auth: 'instance',
  async run({ instance, request: { params } }, deps: CommandNeeds) {
    const phone = readNumber(params['number'] ?? '');
    const answer = await runCommand(instance, { kind: 'check_number', phone }, deps);
    if (answer.kind !== 'checked') throw new Error('A check was answered by something else.');
    const { exists, jid, lid } = answer;
    return ok('Number checked successfully', {
      number: phone,
      exists,
      chatId: exists ? `${phone}@c.us` : null,
      jid: jid ?? null,
      lid: lid ?? null,
    });
  },
});

function readNumber(text: string): string {
  const phone = PhoneNumber.safeParse(text.replace(/@(c\.us|s\.whatsapp\.net)$/, ''));
  if (phone.success) return phone.data;
  const message = 'must be a phone number with its country code, 5 to 15 digits';
  throw validationFailed([{ path: 'number', message }], phone.error);
}
