export { type Config, ConfigError, loadConfig } from '@twite/process/config/load-config';
export { createLogger, type Logger } from '@twite/process/logger';
export { OperatorError } from '@twite/process/operator-error';
export { runRelay, runWorker } from '@twite/workers';
export type { LoadedDemo } from './demo/offer-demo.ts';
export { type BackupInput, type BackupSummary, backUp } from './main/backup.ts';
export { type DistributedOptions, startDistributed } from './main/distributed.ts';
export { type DoctorInput, examine } from './main/doctor.ts';
export { type EmbeddedOptions, startEmbedded } from './main/embedded.ts';
export { type GrantAdminInput, grantAdmin } from './main/grant-admin.ts';
export { pruneMedia, rebuildGraph, rebuildSearch, verifyDerived } from './main/maintenance.ts';
export { type MoveInput, move } from './main/move.ts';
export { resetPassword } from './main/reset-password.ts';
export {
  type ChangedVariable,
  checkArchive,
  type RestoreInput,
  type RestoreSummary,
  restore,
} from './main/restore.ts';
export { run } from './main/run.ts';
export type { RunningServer } from './main/serve.ts';
