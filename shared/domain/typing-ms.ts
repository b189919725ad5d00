const PER_CHARACTER_MS = 40;
const WRITING_MS_MAX = 3_000;
const PAUSE_MS_MIN = 300;
const PAUSE_MS_MAX = 1_500;

/** How long "typing…" is shown before a text goes, as if somebody wrote it. `jitter` is in [0, 1). */
export function typingMs(text: string, jitter: number): number {
  const writingMs = Math.min(PER_CHARACTER_MS * [...text].length, WRITING_MS_MAX);
  return writingMs + PAUSE_MS_MIN + Math.round(jitter * (PAUSE_MS_MAX - PAUSE_MS_MIN));
}
