import type { Graph } from '../demo/parse-edge-list.ts';
import type { Random } from './random.ts';

/**
 * A graph that resembles a social network: each newcomer befriends up to `friends` existing people, preferably those
 * with many friends. A few become well connected, and most stay near `friends`.
 */
export function socialGraph(count: number, friends: number, random: Random): Graph {
  const edges: (readonly [number, number])[] = [];
  // Contains each person once per friend, so that a uniform choice prefers those with many.
  const ends: number[] = [];
  for (let newcomer = 1; newcomer < count; newcomer++) {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(friends, newcomer)) {
      // Mixed with uniform choices: otherwise the first few would be chosen again and again.
      const popular = ends[Math.floor(random() * ends.length)];
      const anybody = Math.floor(random() * newcomer);
      chosen.add(popular === undefined || random() < 0.3 ? anybody : popular);
    }
    for (const friend of chosen) {
      edges.push([friend, newcomer]);
      ends.push(friend, newcomer);
    }
  }
  return { nodes: Array.from({ length: count }, (_, at) => String(at)), edges, repeatedEdges: 0, loops: 0 };
}
