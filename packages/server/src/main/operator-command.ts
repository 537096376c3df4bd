import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AccountRecord } from '@twite/core/accounts/account-store';
import { type Deps, defaultSettings, type Engine } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import type { EmbeddedEngine } from '@twite/engine-embedded';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { createLogger } from '@twite/process/logger';
import { OperatorError } from '@twite/process/operator-error';
import { openForProcess } from '@twite/workers';
import { openForOperator, systemClock } from './operator-engine.ts';

/** The account that an operator command is about, and where the data is. */
export interface OperatorInput {
  /** The data folder of the embedded engine. */
  readonly dataDir: string;
  readonly handle: string;
  /** The environment, which may configure the services of the distributed engine. Empty by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

type OperatorDeps = Engine & Pick<Deps, 'clock' | 'ids' | 'settings' | 'mediaUrl'>;

interface OperatorEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly ids: Deps['ids'];
}

/** The machine number of operator commands, which may run next to the server: it is machine 0. */
const operatorMachine = 1023;

/** The data of an embedded server, which may be running. Throws `OperatorError` when there is none. */
export async function openEmbeddedBeside(dataDir: string): Promise<EmbeddedEngine> {
  const location = resolve(dataDir);
  if (!existsSync(join(location, 'twite.db'))) {
    throw new OperatorError(
      `there is no Twite database in ${location}: start the server once, or use another folder`,
    );
  }
  return openForOperator({ location, clock: systemClock, settings: defaultSettings, exclusive: false });
}

async function openEmbedded(dataDir: string): Promise<OperatorEngine> {
  const open = await openEmbeddedBeside(dataDir);
  const ids = createIdGenerator({ clock: systemClock, machine: operatorMachine });
  return { engine: open.engine, ids, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

async function openDistributed(config: Config): Promise<OperatorEngine> {
  const log = createLogger({ logLevel: 'silent' });
  const { open, ids } = await openForProcess({ config, log });
  return { engine: open.engine, ids, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

/**
 * Runs an action on an account, on the machine that holds the data or the addresses of the services. The server may be
 * running. Throws `OperatorError` when there is no database or no such account.
 */
export async function withAccount<T>(
  { dataDir, handle, env = {} }: OperatorInput,
  act: (deps: OperatorDeps, account: AccountRecord) => Promise<T>,
): Promise<T> {
  const isDistributed = env.TWITE_ENGINE === 'distributed';
  await using open = isDistributed
    ? await openDistributed(loadConfig(env, { kind: 'operator' }))
    : await openEmbedded(dataDir);
  const account = await open.engine.accounts.findByHandle(handle);
  if (!account || account.status === 'deleted') throw new OperatorError(`there is no account ${handle}`);
  const deps: OperatorDeps = {
    ...open.engine,
    clock: systemClock,
    ids: open.ids,
    settings: defaultSettings,
    // The server's listening address is unknown here: nobody follows these URLs.
    mediaUrl: mediaUrlFrom(''),
  };
  return await act(deps, account);
}
