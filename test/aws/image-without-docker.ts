import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { IgnoreStrategy } from 'aws-cdk-lib';
import { type Instruction, parseDockerfile, type Stage, wordsOf } from './dockerfile.ts';
import { wholeEnv } from './env.ts';
import { runCommand } from './harness/run-command.ts';

const RUN_TIMEOUT_MS = 120_000;

/** The image's last stage as a folder, and what Docker would start in it. */
export type Image = {
  /** Where the image's root would be. */
  readonly root: string;
  /** `WORKDIR`, below the root. */
  readonly workDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly command: readonly [string, ...string[]];
  readonly healthCommand: readonly [string, ...string[]];
};

type Building = {
  readonly root: string;
  workDir: string;
  readonly env: Record<string, string>;
  user?: string;
  command?: readonly [string, ...string[]];
  healthCommand?: readonly [string, ...string[]];
};

type BuildOptions = {
  /** The folder that Docker would be given. */
  readonly context: string;
  /** An empty folder for the stages. */
  readonly target: string;
};

/**
 * Does what the Dockerfile says, step by step, in folders instead of layers: what is copied goes by `.dockerignore`,
 * what is run runs here. It cannot say anything of the base image, nor of what differs on another processor.
 */
export async function buildWithoutDocker({ context, target }: BuildOptions): Promise<Image> {
  const stages = parseDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'));
  const ignore = await readIgnored(context);
  const built = new Map<string, Building>();
  for (const stage of stages) {
    const building: Building = { root: join(target, stage.name), workDir: '/', env: {} };
    await mkdir(building.root, { recursive: true });
    built.set(stage.name, building);
    await buildStage(stage, building, { context, ignore, built, log: join(target, 'build.log') });
  }
  const last = [...built.values()].at(-1);
  if (!last?.command || !last.healthCommand)
    throw new Error('The image has no CMD or HEALTHCHECK.');
  const { root, workDir, env, user, command, healthCommand } = last;
  return { root, workDir: join(root, workDir), env, user, command, healthCommand };
}

type StageTools = {
  readonly context: string;
  readonly ignore: IgnoreStrategy;
  readonly built: ReadonlyMap<string, Building>;
  readonly log: string;
};

async function buildStage(stage: Stage, building: Building, tools: StageTools): Promise<void> {
  for (const instruction of stage.instructions) await takeStep(instruction, building, tools);
}

async function takeStep(
  { keyword, text }: Instruction,
  building: Building,
  tools: StageTools,
): Promise<void> {
  switch (keyword) {
    case 'WORKDIR':
      building.workDir = text;
      await mkdir(join(building.root, text), { recursive: true });
      return;
    case 'ENV': {
      const [name = '', value = ''] = text.split('=');
      building.env[name] = value;
      return;
    }
    case 'COPY':
      return await copy(text, building, tools);
    case 'RUN':
      return await runCommand(['sh', '-c', text], {
        cwd: join(building.root, building.workDir),
        env: wholeEnv({ ...building.env }),
        output: { logPath: tools.log },
        timeoutMs: RUN_TIMEOUT_MS,
        signal: new AbortController().signal,
      });
    case 'USER':
      building.user = text;
      return;
    case 'CMD':
      building.command = wordsOf(text);
      return;
    case 'HEALTHCHECK':
      building.healthCommand = wordsOf(text.slice(text.indexOf('CMD ') + 'CMD '.length));
      return;
    default:
      throw new Error(`The Dockerfile says ${keyword}, which is not done here.`);
  }
}

/** A source that is a folder gives its contents, as Docker has it. */
async function copy(text: string, building: Building, tools: StageTools): Promise<void> {
  const from = /^--from=(\S+) /.exec(text);
  const words = text.slice(from?.[0].length ?? 0).split(' ');
  const target = words.pop() ?? '';
  const source = from ? tools.built.get(from[1] ?? '')?.root : tools.context;
  if (source === undefined) throw new Error(`There is no stage for COPY ${text}.`);
  const isWanted = (path: string) =>
    from !== null || path === source || !tools.ignore.ignores(path);
  for (const word of words) {
    const path = join(source, word);
    const isFolder = (await stat(path)).isDirectory();
    const into = join(building.root, building.workDir, target);
    const destination = isFolder ? into : join(into, basename(path));
    await mkdir(dirname(destination), { recursive: true });
    await cp(path, destination, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => isWanted(file),
    });
  }
}

async function readIgnored(context: string): Promise<IgnoreStrategy> {
  const lines = (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n');
  return IgnoreStrategy.docker(context, lines);
}

/** The files below a folder, by their paths in it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** How many bytes the files below a folder have. */
export async function bytesBelow(folder: string): Promise<number> {
  const files = await filesBelow(folder);
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(folder, file)).catch(() => ({ size: 0 }))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
