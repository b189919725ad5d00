/**
 * Under which keys media lies. On AWS the bucket's rule deletes what is under an expiring prefix, and in the embedded
 * home `expireBlobs` does; attachments stay until their account deletes them.
 */
const SENT = 'sent/';
const INBOUND = 'inbound/';
const ATTACHMENTS = 'attachments/';

/** What may be gone after `MEDIA_DAYS_DEFAULT`, or however many days the operator has set. */
export const EXPIRING_MEDIA_PREFIXES = [SENT, INBOUND] as const;
export const MEDIA_DAYS_DEFAULT = 30;
export const MEDIA_DAYS_MAX = 3_650;

export const mediaKeys = {
  /** The file of a message that is to be sent. */
  sent: (instanceId: string, messageId: string) => `${SENT}${instanceId}/${messageId}`,
  /** What a chat partner sent. */
  inbound: (instanceId: string, id: string) => `${INBOUND}${instanceId}/${id}`,
  /** A file that a customer uploaded, to be sent any number of times. */
  attachment: (accountId: string, attachmentId: string) =>
    `${ATTACHMENTS}${accountId}/${attachmentId}`,
} as const;
