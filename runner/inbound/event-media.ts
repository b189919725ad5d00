/** The file of a message, as an event tells of it. */
export type EventMedia =
  | {
      readonly kind: 'stored';
      /** What `GET /whatsapp/media/{id}` goes by. */
      readonly id: string;
      readonly url: string;
      readonly urlExpiresAt: Date;
      readonly bytes: number;
      /** Hex. */
      readonly sha256: string;
      readonly mimetype: string;
    }
  /** It could not be fetched, and the event says why. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
