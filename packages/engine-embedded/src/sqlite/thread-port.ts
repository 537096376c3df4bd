import { parentPort } from 'node:worker_threads';

/** A thread's end of its connection to the main thread. */
export interface ThreadPort<To, From> {
  send(message: From): void;
  onMessage(listener: (message: To) => void): void;
  /** Lets the thread end. */
  close(): void;
}

/** @throws Error on the main thread. */
export function threadPort<To, From>(): ThreadPort<To, From> {
  if (parentPort === null) throw new Error('this module runs in a worker thread');
  const port = parentPort;
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
    close: () => port.close(),
  };
}
