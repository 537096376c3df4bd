import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseFile } from './sqlite/connection.ts';
import type { FromWriter, ToWriter } from './sqlite/messages.ts';
import { serveWriter } from './sqlite/serve-writer.ts';

// The entry of the thread that owns the writing connection.
if (parentPort === null) throw new Error('the writer runs in a thread of its own');
const port = parentPort;
serveWriter(workerData as DatabaseFile, {
  send: (message: FromWriter) => port.postMessage(message),
  onMessage: (listener: (message: ToWriter) => void) => port.on('message', listener),
  close: () => port.close(),
});
