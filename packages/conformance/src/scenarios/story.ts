import fc from 'fast-check';
import { NaiveModel } from './naive-model.ts';
import type { Person, Society } from './society.ts';

const peopleCount = 5;

export type Act =
  | { act: 'post' | 'followersPost' | 'deletePost' | 'suspend' | 'reinstate' | 'read'; who: number }
  | { act: 'follow' | 'unfollow' | 'block' | 'unblock' | 'mute' | 'unmute'; who: number; whom: number };

const who = fc.nat({ max: peopleCount - 1 });
// Half of the acts change who sees whom, the other half what there is to see.
export const anAct: fc.Arbitrary<Act> = fc.oneof(
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

// Acts of one round run concurrently. Acts whose outcome depends on their order do not share a round: acts on the same
// pair, and suspensions with anything.
const touches = (act: Act): string[] => {
  if ('whom' in act) return [`pair ${Math.min(act.who, act.whom)} ${Math.max(act.who, act.whom)}`];
  return act.act === 'deletePost' ? [`posts ${act.who}`] : [];
};

const isAlone = (act: Act): boolean => act.act === 'suspend' || act.act === 'reinstate';

/** Acts of one round may run concurrently. */
export function inRounds(acts: readonly Act[], size: number): Act[][] {
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

/** A sequence of acts among some people, in an engine and in the naive model of it. */
export interface Story {
  readonly people: readonly Person[];
  readonly model: NaiveModel;
  /** Performs it in both. Skips acts that are impossible at this point of the story. */
  perform(act: Act): Promise<void>;
}

let stories = 0;

/** Five people join, for this story only. */
export async function beginStory(society: Society): Promise<Story> {
  const { deps } = society;
  const story = stories++;
  const model = new NaiveModel();
  const people: Person[] = [];
  for (let index = 0; index < peopleCount; index++) people.push(await society.join(`p${index}_${story}`));

  // Posts that are being written: nobody can delete one before they know of it.
  const written = new Map<string, Promise<unknown>>();

  async function post(authorId: string, visibility: 'public' | 'followers'): Promise<void> {
    const postId = deps.ids.next();
    model.post(authorId, postId);
    const entities = { mentions: [], hashtags: [], urls: [] };
    const inserted = deps.posts.insert({
      postId,
      authorId,
      text: 'x',
      entities,
      visibility,
      media: [],
      createdAt: 0,
    });
    written.set(postId, inserted);
    await inserted;
    await deps.timelines.push(postId, [authorId]);
  }

  return {
    people,
    model,
    async perform(act) {
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
      if (act.act === 'read') return void (await person.home());
      if (act.act !== 'deletePost') return post(accountId, act.act === 'post' ? 'public' : 'followers');
      const [oldest] = model.livePosts(accountId);
      if (oldest === undefined) return;
      model.deletePost(oldest);
      await written.get(oldest);
      return person.deletePost(oldest);
    },
  };
}
