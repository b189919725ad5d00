/** What a person does, as the others are told. */
export type PresenceState = 'composing' | 'recording' | 'paused' | 'available' | 'unavailable';

/** Something that a phone was told of another account; without `chat` it means all chats. */
export type Presence = {
  readonly from: string;
  readonly chat?: string | undefined;
  readonly state: PresenceState;
  readonly at: Date;
};

const PRESENCES_PER_PHONE_MAX = 200;

/** What each phone was told of the others, the newest last. Nothing of it is kept on disk. */
export class PresenceBook {
  readonly #presences = new Map<string, readonly Presence[]>();

  note(number: string, presence: Presence): void {
    const all = [...this.of(number), presence];
    this.#presences.set(number, all.slice(-PRESENCES_PER_PHONE_MAX));
  }

  of(number: string): readonly Presence[] {
    return this.#presences.get(number) ?? [];
  }
}
