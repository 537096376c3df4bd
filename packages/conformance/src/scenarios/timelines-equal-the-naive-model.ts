import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { NaiveModel } from './naive-model.ts';
import { openSociety, type Person, type StartWorkers } from './society.ts';

const peopleCount = 5;

type Act =
  | { act: 'post' | 'followersPost' | 'deletePost' | 'suspend' | 'reinstate' | 'read'; who: number }
  | { act: 'follow' | 'unfollow' | 'block' | 'unblock' | 'mute' | 'unmute'; who: number; whom: number };

const who = fc.nat({ max: peopleCount - 1 });
// Half of the acts are about who sees whom, the other half about what there is to see.
const anAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constantFrom('post' as const, 'followersPost' as const), who }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('deletePost' as const, 'read' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constantFrom('suspend' as const, 'reinstate' as const), who }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom('follow' as const, 'follow' as const, 'unfollow' as const),
      who,
      whom: who,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom('block' as const, 'unblock' as const, 'mute' as const, 'unmute' as const),
      who,
      whom: who,
    }),
  },
);

// Acts of one round run at once. Those whose outcome depends on which came first do not share a round: acts on the same
// pair, and suspensions with anything.
const touches = (act: Act): string[] => {
  if ('whom' in act) return [`pair ${Math.min(act.who, act.whom)} ${Math.max(act.who, act.whom)}`];
  return act.act === 'deletePost' ? [`posts ${act.who}`] : [];
};

const isAlone = (act: Act): boolean => act.act === 'suspend' || act.act === 'reinstate';

function inRounds(acts: readonly Act[], size: number): Act[][] {
  const rounds: Act[][] = [];
  let round: Act[] = [];
  let touched = new Set<string>();
  for (const act of acts) {
    const marks = touches(act);
    const last = round[round.length - 1];
    const crowded = last !== undefined && (isAlone(act) || isAlone(last));
    if (crowded || round.length >= size || marks.some((mark) => touched.has(mark))) {
      rounds.push(round);
      round = [];
      touched = new Set();
    }
    round.push(act);
    for (const mark of marks) touched.add(mark);
  }
  rounds.push(round);
  return rounds;
}

/** Random follows, posts, deletes, blocks, mutes and suspensions, many at once: every timeline equals the model's. */
export function timelinesEqualTheNaiveModel(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const runs = underTest.propertyRuns ?? 1000;

  it(`home timelines equal the naive model, whatever happens in whatever order (${runs} stories)`, async () => {
    // One engine for all stories, each with people of its own: windows of 4, popular from 3 followers, chunks of 2.
    await using society = await openSociety(underTest, startWorkers, {
      timelineLength: 4,
      popularFollowerThreshold: 2,
      fanOutChunkSize: 2,
    });
    const { deps } = society;
    let story = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(anAct, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (acts, atOnce, pageSize) => {
          const model = new NaiveModel();
          const people: Person[] = [];
          for (let index = 0; index < peopleCount; index++)
            people.push(await society.join(`p${index}_${story}`));
          story++;

          const perform = async (act: Act): Promise<void> => {
            const person = people[act.who] as Person;
            const { accountId } = person;
            if ('whom' in act) {
              const other = people[act.whom] as Person;
              if (person === other || !model.isActive(other.accountId) || !model.isActive(accountId)) return;
              if (act.act === 'follow' && model.hasBlockBetween(accountId, other.accountId)) return;
              model[act.act](accountId, other.accountId);
              await person[act.act](other);
              return;
            }
            if (act.act === 'reinstate') {
              model.reinstate(accountId);
              return society.reinstate(person);
            }
            if (!model.isActive(accountId)) return;
            if (act.act === 'suspend') {
              model.suspend(accountId);
              return society.suspend(person);
            }
            if (act.act === 'read') return void (await person.home(pageSize));
            if (act.act === 'deletePost') {
              const [oldest] = model.livePosts(accountId);
              if (oldest === undefined) return;
              model.deletePost(oldest);
              return person.deletePost(oldest);
            }
            const postId = deps.ids.next();
            model.post(accountId, postId);
            const visibility = act.act === 'post' ? 'public' : 'followers';
            const { posts, timelines } = deps;
            const entities = { mentions: [], hashtags: [], urls: [] };
            await posts.insert({
              postId,
              authorId: accountId,
              text: 'x',
              entities,
              visibility,
              createdAt: 0,
            });
            await timelines.push(postId, [accountId]);
          };

          for (const round of inRounds(acts, atOnce)) {
            await Promise.all(round.map(perform));
            // The rules on read hold at once, before anything has settled: nothing is shown that must not be.
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
  }, 240_000);
}
