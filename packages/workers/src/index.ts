export { makeConsumers } from './consumers.ts';
export { makeJobHandlers } from './job-handlers.ts';
export { startWorkers } from './start-workers.ts';
export { eraseExpired, startUpkeep } from './upkeep.ts';
