import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Twite } from '@twite/sdk';
import pMap from 'p-map';
import type { Instance, Person } from './instance.ts';

/** The file with the graph of Reed98; undefined when it does not exist. */
export function graphFile(): string | undefined {
  const path =
    process.env.TWITE_TEST_GRAPH ??
    join(import.meta.dirname, '../../../../shared/data/socfb-Reed98/socfb-Reed98.edges');
  return existsSync(path) ? path : undefined;
}

export interface Network {
  readonly people: readonly Person[];
  readonly clients: readonly Twite[];
  /** By index in `people`: whom each follows and is followed by. */
  readonly friends: readonly (readonly number[])[];
  readonly follows: number;
}

/** Creates an account per node and two follows per edge, directly in MongoDB: over the API it takes minutes. */
export async function fillNetwork(
  { raw, ids, join }: Instance,
  file: string,
): Promise<Omit<Network, 'clients'>> {
  const edges = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\d+\s+\d+/.test(line))
    .map((line) => line.split(/\s+/).map(Number) as [number, number]);
  const size = Math.max(...edges.flat()) + 1;
  const people: Person[] = [];
  await pMap(
    Array(size).keys(),
    async (at) => {
      people[at] = await join(`reed${at}`);
    },
    { concurrency: 16 },
  );
  const friends = people.map((): number[] => []);
  for (const [a, b] of edges) {
    friends[a]?.push(b);
    friends[b]?.push(a);
  }
  const idOf = (at: number) => people[at]?.accountId ?? '';
  const documents = friends.flatMap((of, follower) =>
    of.map((followee) => ({
      _id: `${idOf(follower)}:${idOf(followee)}`,
      followId: ids.next(),
      followerId: idOf(follower),
      followeeId: idOf(followee),
      active: true,
      counted: true,
      rev: 1,
    })),
  );
  for (let from = 0; from < documents.length; from += 2_000) {
    await raw.collections.follows.insertMany(documents.slice(from, from + 2_000), { ordered: false });
  }
  await pMap(
    people.keys(),
    async (at) => {
      const count = friends[at]?.length ?? 0;
      await raw.collections.accounts.updateOne(
        { _id: idOf(at) },
        { $set: { followerCount: count, followingCount: count } },
      );
    },
    { concurrency: 16 },
  );
  return { people, friends, follows: documents.length };
}
