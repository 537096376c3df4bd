import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Check, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { judgeVersion } from '@twite/core/doctor/versions';
import { Connection } from 'rabbitmq-client';
import { placeOf } from '../connections.ts';
import { codeOf, reasonOf } from '../rabbitmq/connection.ts';
import { namesIn, workQueueNames } from '../rabbitmq/topology.ts';

const supported = { least: '3.10', below: '5' };
const answerMs = 2_000;
const waitingWarns = 10_000;

/** Opens a connection for one request. Fails at once when RabbitMQ does not answer. */
async function withRabbit<T>(url: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = new Connection({ url, acquireTimeout: answerMs, connectionTimeout: answerMs });
  const failed = Promise.withResolvers<never>();
  connection.on('error', failed.reject);
  try {
    await Promise.race([connection.onConnect(answerMs), failed.promise]);
    return await ask(connection);
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    failed.promise.catch(() => {});
    connection.unsafeDestroy();
  }
}

/** The AMQP client does not expose what the server says about itself first of all, before it asks for credentials. */
async function readVersion(url: string): Promise<string | undefined> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket =
    protocol === 'amqps:'
      ? connectTls({ host, port: Number(port || 5671), ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connect({ host, port: Number(port || 5672) });
  try {
    socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')));
    await once(socket, protocol === 'amqps:' ? 'secureConnect' : 'connect');
    socket.write(Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]));
    const [hello] = (await once(socket, 'data')) as [Buffer];
    // A field of a table: its name, S for a text, four bytes of length.
    return /version(?:S)[\s\S]{4}(\d+(?:\.\d+)+)/.exec(hello.toString('latin1'))?.[1];
  } finally {
    socket.destroy();
  }
}

export function rabbitChecks(url: string, namespace: string): readonly Check[] {
  const place = placeOf(url);
  const names = namesIn(namespace);
  const fix = `Start RabbitMQ at ${place}, or correct TWITE_RABBITMQ_URL, its user, its password and its virtual host.`;
  return [
    {
      name: 'rabbitmq',
      fix,
      find: () =>
        withRabbit(url, async (connection) => {
          await connection.exchangeDeclare({ exchange: 'amq.topic', type: 'topic', passive: true });
          return pass(`answers at ${place}`);
        }),
    },
    {
      name: 'rabbitmq version',
      needs: 'rabbitmq',
      fix,
      async find() {
        const version = await readVersion(url);
        return version === undefined ? pass('is not reported') : judgeVersion('RabbitMQ', version, supported);
      },
    },
    {
      name: 'rabbitmq alarms',
      needs: 'rabbitmq',
      fix,
      find: () =>
        withRabbit(url, async (connection) => {
          if (!(await hasExchange(connection, names.jobs)))
            return pass('not checked: the first start of a worker creates the queues');
          const blocked = once(connection, 'connection.blocked');
          const publisher = connection.createPublisher({ confirm: true });
          // The message is dropped, since no queue is bound with this key. A broker with an alarm accepts no messages.
          const sent = publisher
            .send({ exchange: names.jobs, routingKey: 'doctor', durable: false }, '')
            .then(() => undefined);
          const reason = await Promise.race([blocked, sent]);
          if (reason === undefined) return pass('none: it accepts messages');
          return fail(
            `RabbitMQ accepts no messages: ${String(reason[0])}`,
            'Free memory or disk on its machine (rabbitmq-diagnostics alarms).',
          );
        }),
    },
    {
      name: 'queues',
      needs: 'rabbitmq',
      fix,
      find: () =>
        withRabbit(url, async (connection) => {
          const states = [];
          for (const name of workQueueNames)
            states.push(await stateOf(connection, name, names.queueOf(name)));
          const there = states.filter((state) => state !== undefined);
          if (there.length === 0) return pass('there are none yet; the first start creates them');
          const waiting = there.reduce((sum, state) => sum + state.waiting, 0);
          const idle = there.filter(({ consumers }) => consumers === 0).map(({ name }) => name);
          if (idle.length > 0) {
            return warn(
              `no worker handles ${idle.join(', ')}; ${waiting} messages are waiting`,
              'Start `twite worker` twice, for all consumers.',
            );
          }
          if (waiting > waitingWarns)
            return warn(`${waiting} messages are waiting`, 'Start more workers, or check their logs.');
          return pass(`${waiting} messages are waiting, and all queues have consumers`);
        }),
    },
  ];
}

async function hasExchange(connection: Connection, exchange: string): Promise<boolean> {
  const channel = await connection.acquire();
  try {
    await channel.exchangeDeclare({ exchange, passive: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return false;
    throw error;
  } finally {
    await channel.close();
  }
}

/** Returns undefined when the queue does not exist. */
async function stateOf(connection: Connection, name: string, queue: string) {
  const channel = await connection.acquire();
  try {
    const { messageCount, consumerCount } = await channel.queueDeclare({ queue, passive: true });
    return { name, waiting: messageCount, consumers: consumerCount };
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  } finally {
    await channel.close();
  }
}
