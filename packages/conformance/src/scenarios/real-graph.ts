import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { NaiveModel } from './naive-model.ts';
import { openSociety, type Person, type StartWorkers } from './society.ts';

// We may not publish the graph: developers and CI have it next to the checkout.
const defaultFile = join(import.meta.dirname, '../../../../../shared/data/socfb-Reed98/socfb-Reed98.edges');

function readEdges(file: string): [number, number][] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(act));
  }
}

/**
 * 962 people of Reed College and their 37,624 follows: everyone posts, half of them have a warm timeline and half a
 * cold one, and some are popular; then every home timeline equals the naive model. `TWITE_TEST_GRAPH` names another
 * file.
 */
export function realGraph(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const file = process.env.TWITE_TEST_GRAPH ?? defaultFile;
  it.runIf(existsSync(file))(
    'everyone of a real graph posts, and every home timeline equals the naive model',
    async () => {
      const edges = readEdges(file);
      await using society = await openSociety(underTest, startWorkers, { popularFollowerThreshold: 150 });
      const model = new NaiveModel();
      const people: Person[] = [];
      const size = Math.max(...edges.flat()) + 1;
      for (let node = 0; node < size; node++) people.push(await society.join(`u${node}`));

      const follows = edges.flatMap(([a, b]) => [
        [people[a], people[b]],
        [people[b], people[a]],
      ]) as [Person, Person][];
      await inBatches(follows, 64, async ([follower, followee]) => {
        model.follow(follower.accountId, followee.accountId);
        await follower.follow(followee);
      });
      await society.settled();

      const warm = people.filter((_, index) => index % 2 === 0);
      for (const person of warm) expect(await person.home()).toEqual([]);
      await inBatches(people, 50, async (person) => {
        const post = await person.post(`Hello from ${person.handle}`);
        model.post(person.accountId, post.postId);
      });
      await society.settled();

      for (const person of people) expect(await person.home(100)).toEqual(model.home(person.accountId));
      const stats = await society.deps.stats.count();
      expect(stats).toMatchObject({ accounts: size, posts: size, follows: follows.length });
    },
    // On real servers, 75,000 follows through the use cases take minutes.
    600_000,
  );
}
