export { makeConsumers } from './consumers.ts';
export { makeJobHandlers } from './job-handlers.ts';
export { measureTimelines } from './main/measure-timelines.ts';
export { loadDistributedEngine, openForProcess, type ProcessEngine } from './main/open-for-process.ts';
export { runRelay } from './main/run-relay.ts';
export { everyConsumer, ownConsumers, runWorker } from './main/run-worker.ts';
export { measureMedia } from './media/measure-media.ts';
export { allWork, startWorkers } from './start-workers.ts';
export { eraseExpired, startUpkeep } from './upkeep.ts';
