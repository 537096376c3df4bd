import { CommandError } from './usage-error.ts';

/** The Node version that the server requires. Commands that only call one run on every Node that the SDK supports. */
const serverNode = [24, 11] as const;

/** Throws a `CommandError` on a Node version that the server does not support. */
export function requireServerNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = serverNode;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new CommandError(
    'node_too_old',
    `This command runs a server or works on its data, which requires Node ${serverNode.join('.')} or newer. This is Node ${version}.`,
  );
}

type ServerPackage = typeof import('@twite/server');

/** Loads the server's package, which is optional for users of the command line. */
const loadServerPackage = (): Promise<ServerPackage> => orNotInstalled(() => import('@twite/server'));

/** Loads only what is needed to run the server as a child process. */
export const loadSupervisor = (): Promise<typeof import('@twite/server/supervise')> =>
  orNotInstalled(() => import('@twite/server/supervise'));

async function orNotInstalled<T>(load: () => Promise<T>): Promise<T> {
  requireServerNode();
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@twite/server')) throw error;
    throw new CommandError(
      'server_not_installed',
      'The server is not installed. Install it with `npm install @twite/server`.',
      { cause: error },
    );
  }
}

/** Server log messages start in lower case; errors of twite are sentences. */
const asSentence = (message: string): string =>
  `${message.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase())}${/[.!?]$/.test(message) ? '' : '.'}`;

/** Reports errors that the operator of the machine can fix in the style of the command line. */
export async function forOperator<T>(run: (server: ServerPackage) => Promise<T>): Promise<T> {
  const server = await loadServerPackage();
  try {
    return await run(server);
  } catch (error) {
    const { name, message, code } = error as Error & { readonly code?: string };
    if (name === 'OperatorError' || name === 'ConfigError')
      throw new CommandError('operator', asSentence(message), { cause: error });
    if (name === 'ContractError') throw new CommandError(code ?? 'operator', message, { cause: error });
    throw error;
  }
}
