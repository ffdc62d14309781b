import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { attempt, which } from '../../scripts/setup/command.mjs';
import { root } from '../../scripts/setup/project.mjs';

/** An empty project of somebody else's, outside this one, into which the packed library was installed. */
export interface Project {
  /** Folder of the project, with the files of `app/` in it. */
  readonly folder: string;
  /** Paths inside the packed library. */
  readonly packed: readonly string[];
  /** Runs a program there and gives back its stdout; no Rust is on its PATH. */
  run(command: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

function found(name: string): string {
  const path = which(name);
  if (path === undefined) throw new Error(`${name} is not on PATH`);
  return path;
}

/** A PATH on which there is Node and a shell, and nothing else. */
async function barePath(folder: string): Promise<string> {
  await mkdir(folder);
  for (const [name, path] of [['node', process.execPath], ['sh', found('sh')], ['env', found('env')]] as const) {
    await symlink(path, join(folder, name));
  }
  return folder;
}

async function succeed(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const result = await attempt(command, args, options);
  if (result.code !== 0) throw new Error(`${basename(command)} ${args.join(' ')} ended with ${result.code}:\n${result.output}`);
  return result;
}

/** Packs the library as npm would publish it and installs that into an empty project. */
export async function createProject(): Promise<Project> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostinato-packed-'));
  const folder = join(scratch, 'app');
  // What npm tells the scripts it runs would make the npm in there believe it is at work here.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/i.test(name));
  const env = { ...Object.fromEntries(inherited), PATH: await barePath(join(scratch, 'bin')) };
  const run = async (command: string, ...args: string[]): Promise<string> =>
    (await succeed(command, args, { cwd: folder, env })).stdout;

  await cp(new URL('./app', import.meta.url), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  const npm = found('npm');
  const report = await succeed(npm, ['pack', '--json', '--pack-destination', scratch], { cwd: root, env });
  const [pack] = JSON.parse(report.stdout) as [{ filename: string; files: { path: string }[] }];
  await run(npm, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', join(scratch, basename(pack.filename)));
  return {
    folder,
    packed: pack.files.map(({ path }) => path),
    run,
    remove: () => rm(scratch, { recursive: true, force: true }),
  };
}
