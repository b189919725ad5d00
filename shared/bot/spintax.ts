/** Deeper braces than these are text like any other. */
const DEPTH_MAX = 32;

type Node = string | { readonly options: readonly (readonly Node[])[] };
/** A brace that is still open. */
type Group = { readonly options: Node[][] };

const SPECIAL = /\\[{|}]|[{|}]|[^\\{|}]+|\\/gu;

/**
 * Says one of the options of each `{Hi|Hello}`, which may hold others. Braces without a `|`, and those that are never
 * closed or opened, are text as they stand; `\{`, `\|` and `\}` are the character alone.
 */
export function spin(text: string, choose: (count: number) => number): string {
  return say(parse(text), choose);
}

function parse(text: string): readonly Node[] {
  const open: Group[] = [{ options: [[]] }];
  for (const [part] of text.matchAll(SPECIAL)) take(open, part);
  while (open.length > 1) {
    const unclosed = open.pop();
    add(open, '{', ...joined(unclosed));
  }
  return joined(open[0]);
}

/** The innermost group is the last; the first is the text itself. */
function take(open: Group[], part: string): void {
  const isInside = open.length > 1;
  if (part === '{' && open.length <= DEPTH_MAX) open.push({ options: [[]] });
  else if (part === '|' && isInside) open.at(-1)?.options.push([]);
  else if (part === '}' && isInside) {
    const group = open.pop();
    add(open, ...closed(group));
  } else add(open, part.replace(/^\\(?=.)/u, ''));
}

function add(open: readonly Group[], ...nodes: readonly Node[]): void {
  open
    .at(-1)
    ?.options.at(-1)
    ?.push(...nodes);
}

function closed(group: Group | undefined): readonly Node[] {
  const options = group?.options ?? [];
  return options.length > 1 ? [{ options }] : ['{', ...joined(group), '}'];
}

/** As it was written. */
function joined(group: Group | undefined): readonly Node[] {
  return (group?.options ?? []).flatMap((option, index) =>
    index === 0 ? option : ['|', ...option],
  );
}

function say(nodes: readonly Node[], choose: (count: number) => number): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      return say(node.options[choose(node.options.length)] ?? [], choose);
    })
    .join('');
}
