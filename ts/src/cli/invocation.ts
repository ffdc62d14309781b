/** How this command was called, so that the next one can be put in the same way. */

/** A command line as the caller would type it. */
export function nextCommand(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const script = env['npm_lifecycle_event'];
  const prefix =
    script === 'ostinato' ? 'npm run -s ostinato --' : env['npm_command'] === 'exec' ? 'npx ostinato' : 'ostinato';
  return [prefix, ...args.map(quoted)].join(' ');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
