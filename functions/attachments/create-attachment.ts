import { ORDERED_ID_RANDOM_BYTES, toOrderedId } from '#shared/domain/identifier.ts';
import type { Deps } from '../deps.ts';
import { accountOf } from '../http/authorize.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { validate } from '../http/validate.ts';
import { announceUpload } from './announce-upload.ts';
import { deleteLateUploads } from './delete-late-uploads.ts';
import { keepUpload } from './keep-upload.ts';
import { UploadedFile, UploadFields } from './upload-fields.ts';

type Needs = Pick<Deps, 'attachments' | 'media' | 'now' | 'randomBytes'>;

/** Takes a file that comes with the call, or says where one that is larger is to be uploaded. */
export const createAttachment = defineRoute({
  auth: 'either',
  async run({ caller, request }, deps: Needs) {
    const at = deps.now();
    const accountId = accountOf(caller);
    await deleteLateUploads(accountId, deps);
    const ref = {
      accountId,
      attachmentId: toOrderedId(at, deps.randomBytes(ORDERED_ID_RANDOM_BYTES)),
    };
    const { kind, fields } = request.body;
    const source = { value: fields, isForm: kind === 'form' };
    const view = Object.hasOwn(fields, 'file')
      ? await keepUpload(validate(UploadedFile, source), { ref, at }, deps)
      : await announceUpload(validate(UploadFields, source), { ref, at }, deps);
    return created('Attachment created successfully!', view);
  },
});
