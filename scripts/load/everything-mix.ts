import { randomUUID } from 'node:crypto';
import type { BenchRequest } from '../../packages/cli/src/bench/connection.ts';
import type { BenchData } from '../../packages/cli/src/bench/scenarios.ts';

type Priority = 'low' | 'normal' | 'high';

/** The operations to send, how often, and their priority in the contract. */
export const everything = {
  search: { weight: 20, priority: 'low' },
  followers: { weight: 20, priority: 'low' },
  recommendations: { weight: 20, priority: 'low' },
  home: { weight: 20, priority: 'normal' },
  post: { weight: 20, priority: 'high' },
} as const satisfies Record<string, { readonly weight: number; readonly priority: Priority }>;

type Name = keyof typeof everything;

/** Names in proportion to their weights, spread evenly. */
const rounds: readonly Name[] = Array.from({ length: 10 }, (_, at) =>
  Object.entries(everything).flatMap(([name, { weight }]) =>
    Array.from(
      { length: Math.floor(((at + 1) * weight) / 10) - Math.floor((at * weight) / 10) },
      () => name as Name,
    ),
  ),
).flat();

const words = ['barricade', 'candle', 'garden', 'street', 'letter', 'river', 'morning', 'silver'];
const text = (index: number): string =>
  `${words.map((_, at) => words[(index * 3 + at * 5) % words.length]).join(' ')} #${words[index % words.length]} ${index}`;

/**
 * Generates requests of all priorities: mostly searches and public lists with long pages, as when someone copies an
 * instance, and users who read and post. Most of them cost the server many times as much as a rejection: otherwise
 * rejecting ten times as many as it can answer would keep it busy all by itself.
 */
export function everythingOf({ people }: BenchData): () => BenchRequest {
  let index = 0;
  return () => {
    index++;
    const name = rounds[index % rounds.length] as Name;
    const person = people[(index * 7) % people.length];
    const other = people[(index * 13) % people.length];
    if (person === undefined || other === undefined) throw new Error('nobody is there');
    const headers = { authorization: `Bearer ${person.token()}` };
    const read = (path: string): BenchRequest => ({ operation: name, method: 'GET', path, headers });
    if (name === 'search') return read(`/v1/search/posts?limit=100&q=${words[index % words.length]}`);
    if (name === 'followers') return read(`/v1/accounts/${other.accountId}/followers?limit=100`);
    if (name === 'recommendations') return read('/v1/recommendations/accounts?limit=100');
    if (name === 'home') return read('/v1/timelines/home?limit=100');
    return {
      operation: name,
      method: 'POST',
      path: '/v1/posts',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ text: text(index) }),
    };
  };
}
