import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { databaseNames, openDatabases } from '../../mongodb/databases.ts';
import type { MongoParts } from '../../rabbitmq/testing/open-messaging.ts';
import { randomNamespace } from '../../testing/random-namespace.ts';

const stack = fileURLToPath(new URL('../../../../../../shared/stack/stack', import.meta.url));
export const canStartMongo = existsSync(stack);

const run = promisify(execFile);
const defaultOffset = 3_000;

/** New, empty databases on any server; removed on disposal. */
export function openMongoAt(url: string): MongoParts {
  const namespace = randomNamespace();
  const databases = openDatabases({ posts: url, replies: url, social: url, identity: url }, namespace);
  return {
    namespace,
    databases,
    async [Symbol.asyncDispose]() {
      for (const name of databaseNames) await databases.db(name).dropDatabase();
      await databases[Symbol.asyncDispose]();
    },
  };
}

export interface OwnMongo extends AsyncDisposable {
  readonly url: string;
}

/** A separate server with a short history of changes. Test files that run at the same time need different offsets. */
export async function startForgetfulMongo(
  changesKept: number,
  portOffset = defaultOffset,
): Promise<OwnMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-mongo-'));
  const env = {
    ...process.env,
    TWITE_STACK_DIR: folder,
    TWITE_STACK_PORT_OFFSET: String(portOffset),
    TWITE_STACK_OPLOG_SIZE: String(changesKept),
  };
  await run(stack, ['up', 'mongodb'], { env });
  const { stdout } = await run(stack, ['env'], { env });
  const url = /MONGODB_URL=['"]?([^'"\s]+)/.exec(stdout)?.[1];
  if (url === undefined) throw new Error('the stack does not tell where MongoDB is');
  return {
    url,
    async [Symbol.asyncDispose]() {
      await run(stack, ['down', 'mongodb'], { env });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
