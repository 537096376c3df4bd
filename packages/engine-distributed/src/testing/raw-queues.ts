import type { AsyncMessage, Channel } from 'rabbitmq-client';
import { openRabbit, type Rabbit } from '../rabbitmq/connection.ts';
import { declareTopology, eventQueueNames, namesIn } from '../rabbitmq/topology.ts';
import { testUrls } from './test-services.ts';

/** Direct access to the queues of a namespace: for tests of repeated, reordered and invalid messages. */
export interface RawQueues extends AsyncDisposable {
  /**
   * Takes the messages of every queue of events, which must have no consumers, up to the first for which `isLast`
   * holds, and puts back the result of `rewrite`.
   */
  rewriteEvents(
    isLast: (workQueue: string, body: unknown) => boolean,
    rewrite: (workQueue: string, bodies: readonly unknown[]) => readonly unknown[],
  ): Promise<void>;
  /** Puts a message into a queue unchanged. */
  put(workQueue: string, body: Buffer): Promise<void>;
}

export async function openRawQueues(namespace: string): Promise<RawQueues> {
  const rabbit = openRabbit({ url: testUrls().rabbitmq, log: () => {}, name: `${namespace} test` });
  const names = namesIn(namespace);
  await declareTopology(rabbit.publishing, names);
  const publisher = rabbit.publishing.createPublisher({ confirm: true });
  const put = (workQueue: string, body: Buffer) =>
    publisher.send(
      { routingKey: names.queueOf(workQueue), durable: true, contentType: 'application/json' },
      body,
    );
  return {
    async rewriteEvents(isLast, rewrite) {
      await Promise.all(
        eventQueueNames.map(async (workQueue) => {
          const bodies = await takeUntil(rabbit, names.queueOf(workQueue), (body) => isLast(workQueue, body));
          for (const body of rewrite(workQueue, bodies)) {
            await put(workQueue, Buffer.from(JSON.stringify(body)));
          }
        }),
      );
    },
    put,
    async [Symbol.asyncDispose]() {
      await publisher.close();
      await rabbit[Symbol.asyncDispose]();
    },
  };
}

async function takeUntil(
  { consuming }: Rabbit,
  queue: string,
  isLast: (body: unknown) => boolean,
): Promise<unknown[]> {
  const channel: Channel = await consuming.acquire();
  const bodies: unknown[] = [];
  const last = Promise.withResolvers<AsyncMessage>();
  await channel.basicConsume({ queue }, (message) => {
    bodies.push(message.body);
    if (isLast(message.body)) last.resolve(message);
  });
  const { deliveryTag } = await last.promise;
  channel.basicAck({ deliveryTag, multiple: true });
  await channel.close();
  return bodies;
}
