export { type Config, ConfigError, loadConfig } from '@twite/process/config/load-config';
export { createLogger, type Logger } from '@twite/process/logger';
export { OperatorError } from '@twite/process/operator-error';
export type { LoadedDemo } from './demo/offer-demo.ts';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './main/embedded.ts';
export { type GrantAdminInput, grantAdmin } from './main/grant-admin.ts';
export { run } from './main/run.ts';
