import { workerData } from 'node:worker_threads';
import type { DatabaseFile } from './sqlite/connection.ts';
import { serveWriter } from './sqlite/serve-writer.ts';
import { threadPort } from './sqlite/thread-port.ts';

// The entry point of the thread that owns the writing connection.
serveWriter(workerData as DatabaseFile, threadPort());
