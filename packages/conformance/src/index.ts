import { describe } from 'vitest';
import { counts } from './counts.ts';
import { durability } from './durability.ts';
import { interruptions } from './media-interruptions.ts';
import { openEngine } from './open-engine.ts';
import { type EngineUnderTest, registerSuite, type Suite } from './suite.ts';
import { suites } from './suites.ts';

export type { DeclaredException, EngineUnderTest, OpenOptions } from './suite.ts';

/** Registers every suite with vitest. Call it at the top level of an engine's test file. */
export function runConformance(underTest: EngineUnderTest): void {
  const all: Record<string, Suite> = { openEngine, ...suites, counts, interruptions };
  if (underTest.reopen !== undefined) all.durability = durability;
  const unknown = underTest.declaredExceptions?.find(({ suite }) => !Object.hasOwn(all, suite));
  if (unknown !== undefined)
    throw new Error(`${underTest.name} declares an exception from no suite: ${unknown.suite}`);
  describe(`${underTest.name} keeps what the ports promise`, () => {
    for (const [name, suite] of Object.entries(all)) {
      describe(name, () => registerSuite(underTest, name, suite));
    }
  });
}
