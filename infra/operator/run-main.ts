import { explainFailure } from './explain-failure.ts';

/** 1: it could not be done. 2: it was not understood. */
const FAILED = 1;
const MISUSED = 2;

/** What a command came to: what to tell the operator, or what is wrong with its arguments. */
type Outcome =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** The frame of `npm run <name>`: tells what the work came to, and answers the code to exit with. */
export async function runMain(
  name: string,
  work: (args: readonly string[]) => Promise<Outcome>,
): Promise<number> {
  try {
    const outcome = await work(process.argv.slice(2));
    if (outcome.kind === 'done') {
      process.stdout.write(outcome.text);
      return 0;
    }
    process.stderr.write(`${outcome.message}\nTry: npm run ${name} -- --help\n`);
    return MISUSED;
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    return FAILED;
  }
}
