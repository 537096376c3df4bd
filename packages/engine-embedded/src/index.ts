export { type EmbeddedBackupOptions, openEmbeddedBackup } from './backup/open-backup.ts';
export { openEmbeddedRestore } from './backup/open-restore.ts';
export { databaseChecks } from './doctor/database-checks.ts';
export { EngineOpenError } from './engine-open-error.ts';
export type { Log, LogEvent } from './log.ts';
export { openMoveSource } from './move/open-move-source.ts';
export {
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
  openEmbeddedEngine,
} from './open-embedded-engine.ts';
