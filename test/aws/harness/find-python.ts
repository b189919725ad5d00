import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** MiniStack's `Requires-Python`. */
const MINOR_MIN = 10;
const MINOR_NEWEST = 14;
const ANSWER_TIMEOUT_MS = 15_000;

/** Without `ensurepip` a virtual environment has no pip: Debian ships it apart. */
const QUESTION = `import sys, venv, ensurepip; print(sys.version_info >= (3, ${MINOR_MIN}))`;

/** The first Python that can make a virtual environment. Throws with what to install when there is none. */
export async function findPython(chosen: string | undefined): Promise<string> {
  const numbered = Array.from(
    { length: MINOR_NEWEST - MINOR_MIN + 1 },
    (_, index) => MINOR_NEWEST - index,
  );
  const candidates =
    chosen === undefined
      ? ['python3', ...numbered.map((minor) => `python3.${minor}`), 'python']
      : [chosen];
  for (const candidate of candidates) {
    if (await canMakeEnvironments(candidate)) return candidate;
  }
  throw new Error(
    `No Python ≥ 3.${MINOR_MIN} with venv and pip was found (tried ${candidates.join(', ')}). ` +
      'MiniStack, the local AWS, needs it: install python3 and, on Debian and Ubuntu, python3-venv, ' +
      'or name one by PYTHON=/path/to/python3.',
  );
}

async function canMakeEnvironments(python: string): Promise<boolean> {
  try {
    const options = { timeout: ANSWER_TIMEOUT_MS };
    const { stdout } = await promisify(execFile)(python, ['-c', QUESTION], options);
    return stdout.trim() === 'True';
  } catch {
    return false;
  }
}
