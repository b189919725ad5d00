/** WhatsApp answers in well under a second. */
export const QUERY_TIMEOUT_MS = 20_000;
