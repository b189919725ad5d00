import type { Choice } from './message-content.ts';

/** `2`, `2.`, `2)` or `#2`. */
const NUMBER = /^#?\s*(\d{1,3})\s*[.)]?$/;

/** Which of the numbered choices a reply means: its number, or its title, whatever the capitals and spaces. */
export function matchChoice(reply: string, choices: readonly Choice[]): Choice | undefined {
  const text = fold(reply);
  const number = NUMBER.exec(text)?.[1];
  const byTitle = choices.find(({ title }) => fold(title) === text);
  return byTitle ?? (number === undefined ? undefined : choices[Number(number) - 1]);
}

function fold(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
