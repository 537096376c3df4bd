import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type StartWorkers } from './society.ts';
import { anAct, beginStory, inRounds } from './story.ts';

/**
 * Random follows, posts, deletes, blocks, mutes and suspensions, many concurrently: every timeline equals the model's.
 */
export function timelinesEqualTheNaiveModel(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const runs = underTest.propertyRuns ?? 1000;

  it(`home timelines equal the naive model, whatever happens in whatever order (${runs} stories)`, async () => {
    // One engine for all stories, each with its own people: windows of 4, popular from 3 followers, chunks of 2.
    await using society = await openSociety(underTest, startWorkers, {
      timelineLength: 4,
      popularFollowerThreshold: 2,
      fanOutChunkSize: 2,
    });
    const { deps } = society;

    await fc.assert(
      fc.asyncProperty(
        fc.array(anAct, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (acts, atOnce, pageSize) => {
          const { people, model, perform } = await beginStory(society);
          for (const round of inRounds(acts, atOnce)) {
            await Promise.all(round.map(perform));
            // The rules on read hold at once, before anything has settled: nothing forbidden is shown.
            for (const person of people) {
              if (!model.isActive(person.accountId)) continue;
              const allowed = new Set(model.home(person.accountId));
              for (const postId of await person.home(pageSize)) expect(allowed).toContain(postId);
            }
          }
          await society.settled();
          for (const person of people) {
            if (!model.isActive(person.accountId)) continue;
            expect(await person.home(pageSize)).toEqual(model.home(person.accountId));
          }
          const accounts = await deps.accounts.findMany(people.map((person) => person.accountId));
          for (const { accountId } of people) {
            expect(accounts.get(accountId)?.followerCount).toBe(
              model.isActive(accountId) ? model.followerCount(accountId) : 0,
            );
          }
        },
      ),
      { numRuns: runs },
    );
  }, 600_000);
}
