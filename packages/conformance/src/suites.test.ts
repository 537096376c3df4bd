import type { Engine } from '@twite/core/engine';
import { expect, it } from 'vitest';
import type { Suite } from './suite.ts';
import { suites } from './suites.ts';

it('a table of suites that lacks a port does not compile', () => {
  const { jobs, ...withoutJobs } = suites;
  // @ts-expect-error `jobs` is missing
  const lacking: Record<keyof Engine, Suite> = withoutJobs;
  // @ts-expect-error no port has this name
  const strange = { ...suites, nonsense: jobs } satisfies Record<keyof Engine, Suite>;
  expect(Object.keys(lacking)).toHaveLength(Object.keys(suites).length - 1);
  expect(Object.keys(strange)).toHaveLength(Object.keys(suites).length + 1);
});

it('each port has its own suite', () => {
  expect(new Set(Object.values(suites)).size).toBe(Object.keys(suites).length);
});
