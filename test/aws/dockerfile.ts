/** An instruction of a Dockerfile, its continuation lines joined: `RUN`, `npm ci`. */
export type Instruction = { readonly keyword: string; readonly text: string };

/** One `FROM` and what follows it. */
export type Stage = {
  readonly name: string;
  readonly instructions: readonly Instruction[];
};

/** Reads as much of the language as our Dockerfile uses. Throws for a stage without a `FROM`. */
export function parseDockerfile(source: string): readonly Stage[] {
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const instruction of toInstructions(source)) {
    if (instruction.keyword === 'FROM') {
      const name = / AS (\S+)$/i.exec(instruction.text)?.[1] ?? String(stages.length);
      stages.push({ name, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (!stage) throw new Error(`${instruction.keyword} comes before the first FROM.`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

/** The words of an instruction in its JSON form: `CMD ["node", "main.ts"]`. */
export function wordsOf(text: string): readonly [string, ...string[]] {
  const [first, ...others]: unknown[] = JSON.parse(text);
  return [String(first), ...others.map(String)];
}

function toInstructions(source: string): Instruction[] {
  const lines = source
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [keyword = '', ...words] = line.split(/\s+/);
    return { keyword: keyword.toUpperCase(), text: words.join(' ') };
  });
}
