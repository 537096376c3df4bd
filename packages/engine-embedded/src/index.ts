export { EngineOpenError } from './engine-open-error.ts';
export type { Log, LogEvent } from './log.ts';
export {
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
  openEmbeddedEngine,
} from './open-embedded-engine.ts';
