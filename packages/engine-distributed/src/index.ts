export { openDistributedBackup } from './backup/open-backup.ts';
export { openDistributedRestore } from './backup/open-restore.ts';
export type { ServiceUrls } from './connections.ts';
export type { DistributedEngine, DistributedEngineOptions, EngineState } from './distributed-engine.ts';
export { openServiceChecks, type ServiceChecks } from './doctor/open-service-checks.ts';
export { EngineOpenError } from './engine-open-error.ts';
export { armFailpoint } from './failpoints.ts';
export type { Log, LogEntry } from './log.ts';
export { readSchemaStateAt as readSchemaState, type SchemaState } from './mongodb/migrations/schema-state.ts';
export { openMoveTarget } from './move/open-move-target.ts';
export { openDistributedEngine } from './open-distributed-engine.ts';
export {
  type OwnConsumerName as OwnConsumer,
  ownConsumerNames as ownConsumers,
} from './own-consumer-names.ts';
export type { RelayStanding, RelayState } from './relay/relay.ts';
export type { S3Place } from './s3/client.ts';
