import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const services = ['mongodb', 'redis', 'rabbitmq', 'elasticsearch', 'neo4j', 's3'] as const;
export type Service = (typeof services)[number];

/** Separate services for one test file, besides those that other tests share: it may kill, pause and start them. */
export interface OwnStack extends AsyncDisposable {
  /** The environment of processes on these services. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts stopped services. Resolves when they answer. */
  up(...names: Service[]): Promise<void>;
  kill(name: Service): Promise<void>;
  pause(name: Service): Promise<void>;
  resume(name: Service): Promise<void>;
  /** Empties Redis. */
  flushRedis(): Promise<void>;
}

const run = promisify(execFile);
const exportLine = /^export TWITE_TEST_(\w+)='(.*)'$/gm;

/** `control` is the path of the stack's command, which its README documents. */
export async function startOwnStack(control: string): Promise<OwnStack> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-faults-'));
  const env = {
    ...process.env,
    TWITE_STACK_DIR: folder,
    TWITE_STACK_PORT_OFFSET: process.env.TWITE_FAULT_PORT_OFFSET ?? '2000',
  };
  const tell = async (command: string, names: readonly Service[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [control, command, ...names], { env });
    return stdout;
  };
  const stop = async () => {
    await tell('wipe', services);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await tell('up', services);
    const told = await tell('env', services);
    const { S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY, ...others } = Object.fromEntries(
      [...told.matchAll(exportLine)].map(([, name, value]) => [name as string, value as string]),
    );
    const s3 = new URL(S3_ENDPOINT as string);
    s3.username = S3_ACCESS_KEY as string;
    s3.password = S3_SECRET_KEY as string;
    const environment: Record<string, string> = {
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [`TWITE_${name}`, value])),
      TWITE_S3_URL: s3.href,
    };
    return {
      environment,
      up: async (...names) => void (await tell('up', names)),
      kill: async (name) => void (await tell('kill', [name])),
      pause: async (name) => void (await tell('pause', [name])),
      resume: async (name) => void (await tell('resume', [name])),
      flushRedis: () => flush(new URL(environment.TWITE_REDIS_URL as string)),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function flush({ hostname, port, password }: URL): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(`AUTH ${password}\r\nFLUSHALL\r\nQUIT\r\n`);
  const replies = await socket.setEncoding('utf8').toArray();
  if (!/^\+OK\r\n\+OK/.test(replies.join(''))) throw new Error(`Redis was not flushed: ${replies.join('')}`);
}
