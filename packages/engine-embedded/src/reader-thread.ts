import { workerData } from 'node:worker_threads';
import { openReadable, type ReadableFile } from './sqlite/connection.ts';
import { queries } from './sqlite/queries.ts';
import { serveReader } from './sqlite/serve-reader.ts';
import { threadPort } from './sqlite/thread-port.ts';

// The entry point of the thread that runs long queries.
serveReader(queries, openReadable(workerData as ReadableFile), threadPort());
