import type { RebuildTicket } from '@twite/core/timelines/timeline-cache';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SuiteContext } from './suite.ts';
import { createTimelineModel } from './timelines.model.ts';
import { present } from './world.ts';

const timelineLength = 5;

/** The fact that timelines equal the model: a part of the suite of the timeline cache. */
export function expectModelledTimelines({ factAlone, propertyRuns }: SuiteContext): void {
  factAlone(
    'timelines are as a naive model says, whatever happens to them',
    { timelineLength },
    async (world) => {
      const { timelines } = world.engine;
      const pool = Array.from({ length: 14 }, () => world.id());
      const who = fc.integer({ min: 0, max: 2 });
      const id = fc.constantFrom(...pool);
      const ops = fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({ op: fc.constant('push' as const), id, to: fc.subarray([0, 1, 2]) }),
        },
        { weight: 2, arbitrary: fc.record({ op: fc.constant('begin' as const), who }) },
        {
          weight: 3,
          arbitrary: fc.record({
            op: fc.constant('complete' as const),
            who,
            postIds: fc.subarray(pool, { maxLength: 8 }),
            complete: fc.boolean(),
          }),
        },
        { weight: 1, arbitrary: fc.record({ op: fc.constant('late' as const), who }) },
        {
          weight: 2,
          arbitrary: fc.record({
            op: fc.constant('merge' as const),
            who,
            postIds: fc.subarray(pool, { maxLength: 8 }),
            complete: fc.boolean(),
          }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ op: fc.constant('remove' as const), who, postIds: fc.subarray(pool) }),
        },
        { weight: 1, arbitrary: fc.record({ op: fc.constant('drop' as const), to: fc.subarray([0, 1, 2]) }) },
        {
          weight: 3,
          arbitrary: fc.record({
            op: fc.constant('read' as const),
            who,
            before: fc.option(id, { nil: undefined }),
            limit: fc.integer({ min: 1, max: 7 }),
          }),
        },
      );

      await fc.assert(
        fc.asyncProperty(fc.array(ops, { minLength: 5, maxLength: 30 }), async (steps) => {
          const players = [0, 1, 2].map(() => ({
            accountId: world.id(),
            model: createTimelineModel(timelineLength),
            ticket: undefined as RebuildTicket | undefined,
            void: undefined as RebuildTicket | undefined,
          }));
          const player = (index: number) => present(players[index], 'player');

          for (const step of steps) {
            switch (step.op) {
              case 'push': {
                const to = step.to.map(player);
                const reached = await timelines.push(
                  step.id,
                  to.map(({ accountId }) => accountId),
                );
                const expected = to.map(({ model }) => model.push(step.id));
                const sure = expected.filter((was) => was === true).length;
                expect(reached).toBeGreaterThanOrEqual(sure);
                expect(reached).toBeLessThanOrEqual(
                  sure + expected.filter((was) => was === undefined).length,
                );
                break;
              }
              case 'begin': {
                const one = player(step.who);
                if (!one.model.isCold || one.ticket !== undefined) break;
                one.ticket = await timelines.beginRebuild(one.accountId);
                one.model.begin();
                break;
              }
              case 'complete': {
                const one = player(step.who);
                if (one.ticket === undefined) break;
                const postIds = step.postIds.toReversed();
                const complete = step.complete || postIds.length === 0;
                expect(await timelines.completeRebuild(one.ticket, postIds, complete)).toBe(true);
                one.model.complete(postIds, complete);
                one.ticket = undefined;
                break;
              }
              case 'late': {
                const one = player(step.who);
                if (one.void === undefined) break;
                expect(await timelines.completeRebuild(one.void, pool.slice(0, 2).reverse(), true)).toBe(
                  false,
                );
                break;
              }
              case 'merge':
              case 'remove': {
                const one = player(step.who);
                const postIds = step.postIds.toReversed();
                const [isReady, expected] =
                  step.op === 'merge'
                    ? [
                        await timelines.merge(one.accountId, postIds, step.complete || postIds.length === 0),
                        one.model.merge(postIds, step.complete || postIds.length === 0),
                      ]
                    : [await timelines.remove(one.accountId, postIds), one.model.remove(postIds)];
                expect(isReady).toBe(expected);
                if (expected) break;
                one.void = one.ticket ?? one.void;
                one.ticket = undefined;
                break;
              }
              case 'drop': {
                const dropped = step.to.map(player);
                await timelines.drop(dropped.map(({ accountId }) => accountId));
                for (const one of dropped) {
                  one.model.drop();
                  one.void = one.ticket ?? one.void;
                  one.ticket = undefined;
                }
                break;
              }
              case 'read': {
                const one = player(step.who);
                expect(await timelines.isReady(one.accountId)).toBe(!one.model.isCold);
                expect(await timelines.read(one.accountId, step)).toEqual(one.model.read(step));
                break;
              }
            }
          }
          for (const one of players) {
            expect(await timelines.read(one.accountId, { limit: 100 })).toEqual(
              one.model.read({ limit: 100 }),
            );
          }
        }),
        { numRuns: propertyRuns },
      );
    },
  );
}
