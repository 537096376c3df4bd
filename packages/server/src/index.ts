export { type Config, ConfigError, loadConfig } from './config/load-config.ts';
export type { LoadedDemo } from './demo/offer-demo.ts';
export { createLogger, type Logger } from './lifecycle/logger.ts';
export { OperatorError } from './lifecycle/operator-error.ts';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './main/embedded.ts';
export { type GrantAdminInput, grantAdmin } from './main/grant-admin.ts';
export { run } from './main/run.ts';
