const SPECIAL = /\\[{|}]|[{|}]|[^\\{|}]+|\\/gu;

/** Where a group ends, and where its options end: at its bars, and there. */
type Group = { readonly close: number; readonly ends: readonly number[] };

/**
 * Says one of the options of each `{Hi|Hello}`, which may hold others, however deep. Braces without a `|`, and those
 * that are never closed or opened, are text as they stand; `\{`, `\|` and `\}` are the character alone. No part of the
 * text is looked at more than twice.
 */
export function spin(text: string, choose: (count: number) => number): string {
  const parts = Array.from(text.matchAll(SPECIAL), ([part]) => part);
  const groups = findGroups(parts);
  /** The options that are being said, the innermost last: where each ends, and where to go on then. */
  const within: { readonly end: number; readonly next: number }[] = [];
  let said = '';
  let at = 0;
  while (at < parts.length) {
    const option = within.at(-1);
    const group = groups.get(at);
    if (at === option?.end) {
      within.pop();
      at = option.next;
    } else if (group) {
      const chosen = choose(group.ends.length);
      within.push({ end: group.ends[chosen] ?? group.close, next: group.close + 1 });
      at = (chosen === 0 ? at : (group.ends[chosen - 1] ?? at)) + 1;
    } else {
      said += plain(parts[at] ?? '');
      at += 1;
    }
  }
  return said;
}

/** By where they open. A bar is of the innermost brace that is open, whatever becomes of that. */
function findGroups(parts: readonly string[]): ReadonlyMap<number, Group> {
  const groups = new Map<number, Group>();
  const open: { readonly at: number; readonly bars: number[] }[] = [];
  for (const [at, part] of parts.entries()) {
    if (part === '{') open.push({ at, bars: [] });
    else if (part === '|') open.at(-1)?.bars.push(at);
    else if (part === '}') {
      const closed = open.pop();
      if (closed && closed.bars.length > 0) {
        groups.set(closed.at, { close: at, ends: [...closed.bars, at] });
      }
    }
  }
  return groups;
}

function plain(part: string): string {
  return part.length === 2 && part.startsWith('\\') ? part.slice(1) : part;
}
