import type { Status } from '@twite/contract';
import { type Call, makeCall } from '../http-tests/client.ts';
import { follow, join, type Person } from '../http-tests/people.ts';
import { grantAdmin } from '../main/grant-admin.ts';
import { Ledger } from './ledger.ts';
import { type OwnStack, startOwnStack } from './own-stack.ts';
import { type Processes, type Running, startProcesses } from './processes.ts';

/** An instance of two servers, a worker and two relays, on separate services. */
export interface Fleet extends AsyncDisposable {
  readonly stack: OwnStack;
  readonly processes: Processes;
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: readonly Running[];
  readonly worker: Running;
  /** The URLs of the servers. */
  readonly urls: readonly string[];
  readonly call: Call;
  /** The accounts that produce the load. */
  readonly people: readonly Person[];
  /** Other accounts, whom nobody blocks: for the tests' own requests. */
  readonly others: readonly Person[];
  readonly ledger: Ledger;
  /** Two: one leads, and one stands by. */
  readonly relays: Set<Running>;
  startRelay(): Promise<Running>;
  /** The response of `GET /v1/admin/status`. */
  status(): Promise<Status>;
}

const peopleCount = 12;
const othersCount = 5;
const followeesEach = 5;

export async function startFleet(control: string): Promise<Fleet> {
  await using opening = new AsyncDisposableStack();
  const stack = opening.use(await startOwnStack(control));
  const environment = {
    ...stack.environment,
    TWITE_ENGINE: 'distributed',
    TWITE_NAMESPACE: 'faults',
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_READINESS_DELAY_SECONDS: '0',
    TWITE_RATE_LIMIT_UPLOAD_ACCOUNT: '1000/600',
    TWITE_RATE_LIMIT_UPLOAD_ADDRESS: '1000/600',
    TWITE_RATE_LIMIT_SEARCH_ACCOUNT: `${searchLimit}/600`,
  };
  const processes = opening.use(startProcesses(environment));
  const servers = [processes.start('server'), processes.start('server')];
  const worker = processes.start('worker');
  const relays = new Set<Running>();
  const startRelay = async () => {
    const relay = processes.start('relay');
    relays.add(relay);
    await relay.told(/process ready/);
    return relay;
  };
  const [urls] = await Promise.all([
    Promise.all(servers.map(async (server) => (await server.told(/ready at (\S+)/))[1] as string)),
    worker.told(/process ready/),
    startRelay(),
    startRelay(),
  ]);
  const call = makeCall(urls[0] as string);
  const { people, others, admin, ledger } = await gather(call, environment);
  const resources = opening.move();
  return {
    stack,
    processes,
    environment,
    servers,
    worker,
    urls,
    call,
    people,
    others,
    ledger,
    relays,
    startRelay,
    status: async () => (await call('getStatus', { token: admin.token })).body,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** How often an account may search in ten minutes. */
export const searchLimit = 10;

/** Creates accounts that follow each other, and an admin. */
export async function gather(call: Call, env: Readonly<Record<string, string>>) {
  const names = Array.from({ length: peopleCount + othersCount }, (_, index) => `person${index}`);
  const [admin, ...all] = (await Promise.all(['admin', ...names].map((name) => join(call, name)))) as [
    Person,
    ...Person[],
  ];
  const [people, others] = [all.slice(0, peopleCount), all.slice(peopleCount)];
  await grantAdmin({ dataDir: '', handle: admin.handle, env });
  const ledger = new Ledger();
  for (const [index, person] of people.entries()) {
    for (let step = 1; step <= followeesEach; step += 1) {
      const other = people[(index + step) % people.length] as Person;
      const askedAt = performance.now();
      await follow(call, person, other);
      const mark = { askedAt, at: performance.now(), server: 0 };
      ledger.changed('follows', person.accountId, other.accountId, true, mark);
    }
  }
  for (const person of people.slice(0, 3)) await follow(call, others[0] as Person, person);
  return { people, others, admin, ledger };
}
