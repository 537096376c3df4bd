import { closeRelaysToVersion1 } from './close-relays-to-version-1.ts';
import type { Migration } from './migration.ts';

/** Every migration ever made, in the order in which they run. */
export const allMigrations: readonly Migration[] = [closeRelaysToVersion1];
