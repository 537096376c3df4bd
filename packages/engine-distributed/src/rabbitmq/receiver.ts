import { Unavailable } from '@twite/core/unavailable';
import type { AsyncMessage, Channel } from 'rabbitmq-client';
import { inTime, parting, partingMs } from '../in-time.ts';
import type { Log } from '../log.ts';
import { codeOf, type Rabbit } from './connection.ts';
import { pause } from './pause.ts';
import type { Topology } from './topology.ts';

/** A received message, with the channel on which it must be acknowledged. */
export interface Received {
  readonly message: AsyncMessage;
  /** Whether its channel is closed: then the message comes again, here or elsewhere. */
  isLost(): boolean;
  /** `upTo`: includes all earlier messages on its channel. Does nothing when the message is lost. */
  ack(upTo: boolean): void;
}

export interface Receiver {
  /** Stops receiving messages. */
  stop(): Promise<void>;
  /** After `stop`: unacknowledged messages go back to the queue. */
  close(): Promise<void>;
}

const RETRY_MS_MAX = 2_000;
/** How long the start waits for the broker. After that, the consumer keeps connecting in the background. */
const START_MS = 2_000;
// A queue is held while a dependency is unavailable; the broker's default of half an hour would then close the channel.
// From RabbitMQ 3.12 on; before, the message is only redelivered.
const CONSUMER_TIMEOUT_MS = 86_400_000;

/** Keeps consuming from a queue, across losses of the connection and of the queue itself. */
export async function openReceiver(options: {
  readonly rabbit: Rabbit;
  readonly topology: Topology;
  readonly log: Log;
  readonly queue: string;
  readonly prefetch: number;
  readonly onMessage: (received: Received) => void;
  /** All received and unacknowledged messages are lost. */
  readonly onLost: () => void;
}): Promise<Receiver> {
  const { rabbit, topology, log, queue, prefetch, onMessage, onLost } = options;
  const stopping = new AbortController();
  const started = Promise.withResolvers<void>();
  let current: { readonly channel: Channel; readonly consumerTag: string } | undefined;

  async function consumeOnce(): Promise<void> {
    await topology.ensure();
    const channel = await rabbit.consuming.acquire({ emitErrorsFromChannel: true });
    const lost = Promise.withResolvers<void>();
    channel.on('close', () => lost.resolve());
    channel.on('basic.cancel', () => lost.resolve());
    channel.on('error', (error) => log({ level: 'warn', msg: 'consumer channel failed', queue, err: error }));
    try {
      if (stopping.signal.aborted) return;
      await channel.basicQos({ prefetchCount: prefetch });
      const { consumerTag } = await channel.basicConsume(
        { queue, arguments: { 'x-consumer-timeout': CONSUMER_TIMEOUT_MS } },
        (message) => {
          if (!stopping.signal.aborted) onMessage(receivedOn(channel, message));
        },
      );
      if (stopping.signal.aborted) return;
      current = { channel, consumerTag };
      started.resolve();
      await lost.promise;
      current = undefined;
      onLost();
      await channel.close();
    } finally {
      if (current?.channel !== channel) await channel.close();
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        await consumeOnce();
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        // The connection logs when the broker is unavailable.
        if (failures === 1 && rabbit.consuming.ready)
          log({ level: 'warn', msg: 'consumer not started', queue, err: error });
      }
      topology.doubt();
      if (failures > 0)
        await pause(Math.random() * Math.min(RETRY_MS_MAX, 50 * 2 ** failures), stopping.signal);
    }
  }

  run();
  const start = new AbortController();
  await Promise.race([started.promise, pause(START_MS, start.signal)]);
  start.abort();
  return {
    async stop() {
      stopping.abort();
      if (current === undefined) return;
      const { channel, consumerTag } = current;
      try {
        await inTime(channel.basicCancel({ consumerTag }), partingMs, () => new Unavailable('rabbitmq'));
      } catch (error) {
        // A channel that hangs is destroyed with the connection.
        if (error instanceof Unavailable) current = undefined;
        if (channel.active) log({ level: 'warn', msg: 'consumer not cancelled', queue, code: codeOf(error) });
      }
    },
    close: () => parting(current?.channel.close()),
  };
}

function receivedOn(channel: Channel, message: AsyncMessage): Received {
  return {
    message,
    isLost: () => !channel.active,
    ack(upTo) {
      if (!channel.active) return;
      channel.basicAck({ deliveryTag: message.deliveryTag, multiple: upTo });
    },
  };
}
