import { describe } from 'vitest';
import { counts } from './counts.ts';
import { type EngineUnderTest, registerSuite, type Suite } from './suite.ts';
import { suites } from './suites.ts';

const all = { ...suites, counts } satisfies Record<string, Suite>;

/** Registers some suites, for a partially implemented engine. */
export function runSuites(underTest: EngineUnderTest, names: readonly (keyof typeof all)[]): void {
  for (const name of names) describe(name, () => registerSuite(underTest, name, all[name]));
}
