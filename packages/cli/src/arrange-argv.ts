/** The flags of every command, and whether a value follows. */
const globalFlags: Readonly<Record<string, boolean>> = {
  '--url': true,
  '--token': true,
  '--profile': true,
  '--json': false,
};

/** Splits `argv` at `--`, which ends the flags. */
export function splitFlags(argv: readonly string[]): readonly [readonly string[], readonly string[]] {
  const end = argv.indexOf('--');
  return end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end)];
}

/** Splits a command line into its leading global flags and the rest. */
function leadingFlags(argv: readonly string[]): readonly [readonly string[], readonly string[]] {
  let at = 0;
  for (;;) {
    const [name = '', value] = argv[at]?.split('=', 2) ?? [];
    if (!Object.hasOwn(globalFlags, name)) break;
    at += globalFlags[name] && value === undefined ? 2 : 1;
  }
  return [argv.slice(0, at), argv.slice(at)];
}

/**
 * Rearranges a command line for oclif. Global flags may precede the command (`twite --json whoami`), and `help COMMAND`
 * and `version` mean `COMMAND --help` and `--version`.
 */
export function arrangeArgv(argv: readonly string[]): string[] {
  const [leading, following] = leadingFlags(argv);
  const [flags, rest] = splitFlags(following);
  const [command, ...after] = flags;
  if (command === undefined && rest.length === 0) return leading.length > 0 ? ['--help'] : [];
  if (command === 'help') return [...after.filter((word) => !word.startsWith('-')), '--help'];
  if (command === 'version') return ['--version'];
  return [...flags, ...leading, ...rest];
}
