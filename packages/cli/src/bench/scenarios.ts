import { randomUUID } from 'node:crypto';
import type { OperationId } from '@twite/sdk';
import type { BenchRequest } from './connection.ts';
import { gradientPng } from './make-png.ts';
import { oneOf, type Random, seededRandom } from './random.ts';
import { postText, searchQuery } from './words.ts';

/** Somebody who sends requests. */
export interface BenchPerson {
  readonly accountId: string;
  /** The access token of now: it changes while a run goes on. */
  token(): string;
}

/** What requests are about. */
export interface BenchData {
  readonly people: readonly BenchPerson[];
  /** Paths of pictures; empty unless the scenario needs some. */
  readonly pictures: readonly string[];
}

interface Turn {
  readonly person: BenchPerson;
  readonly data: BenchData;
  readonly random: Random;
}

interface BenchOperation {
  /** What is asked of the API; undefined: a file. */
  readonly operation: OperationId | undefined;
  /** The rate limit that counts it, as in the names of `TWITE_RATE_LIMIT_…` variables. */
  readonly limit: 'READ' | 'WRITE' | 'SEARCH' | 'UPLOAD' | undefined;
  request(turn: Turn): Omit<BenchRequest, 'operation'>;
}

const authorization = ({ person }: Turn) => ({ authorization: `Bearer ${person.token()}` });

const read = (path: string, turn: Turn) => ({ method: 'GET', path, headers: authorization(turn) }) as const;

const boundary = 'twite-bench-6f0c2b7e';
const upload = Buffer.concat([
  Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="bench.png"\r\ncontent-type: image/png\r\n\r\n`,
  ),
  gradientPng(200),
  Buffer.from(`\r\n--${boundary}--\r\n`),
]);

/** Every request that a scenario is made of. As the SDK sends them, with a key that makes a POST safe to repeat. */
export const benchOperations = {
  home: {
    operation: 'getHomeTimeline',
    limit: 'READ',
    request: (turn) => read('/v1/timelines/home?limit=20', turn),
  },
  profile: {
    operation: 'listAccountPosts',
    limit: 'READ',
    request: (turn) =>
      read(`/v1/accounts/${oneOf(turn.data.people, turn.random).accountId}/posts?limit=20`, turn),
  },
  post: {
    operation: 'createPost',
    limit: 'WRITE',
    request: (turn) => ({
      method: 'POST',
      path: '/v1/posts',
      headers: {
        ...authorization(turn),
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ text: postText(turn.random) }),
    }),
  },
  search: {
    operation: 'searchPosts',
    limit: 'SEARCH',
    request: (turn) =>
      read(`/v1/search/posts?limit=20&q=${encodeURIComponent(searchQuery(turn.random))}`, turn),
  },
  picture: {
    operation: undefined,
    limit: undefined,
    request: ({ data, random }) => ({ method: 'GET', path: oneOf(data.pictures, random), headers: {} }),
  },
  upload: {
    operation: 'uploadMedia',
    limit: 'UPLOAD',
    request: (turn) => ({
      method: 'POST',
      path: '/v1/media',
      headers: {
        ...authorization(turn),
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'idempotency-key': randomUUID(),
      },
      body: upload,
    }),
  },
} as const satisfies Record<string, BenchOperation>;

export type BenchOperationName = keyof typeof benchOperations;

export interface Scenario {
  /** As in "measures …". */
  readonly about: string;
  /** How often each operation is chosen, in relation to the others. */
  readonly mix: Readonly<Partial<Record<BenchOperationName, number>>>;
}

/** What `twite bench` can measure. A new scenario is a row here. */
export const scenarios = {
  home: { about: 'reading home timelines', mix: { home: 1 } },
  profile: { about: "reading accounts' posts", mix: { profile: 1 } },
  post: { about: 'posting', mix: { post: 1 } },
  search: { about: 'searching posts', mix: { search: 1 } },
  media: { about: 'reading pictures (95 %) and uploading some (5 %)', mix: { picture: 95, upload: 5 } },
  mixed: {
    about: 'home timelines (60 %), profiles (30 %) and posts (10 %), the mix of DeathStarBench',
    mix: { home: 60, profile: 30, post: 10 },
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

const rowsOf = ({ mix }: Scenario) =>
  Object.entries(mix).map(([name, weight]) => ({ name: name as BenchOperationName, weight }));

/** Whether its data must have pictures. */
export const needsPictures = (scenario: Scenario): boolean =>
  rowsOf(scenario).some(({ name }) => name === 'picture');

/** Makes the requests of a scenario, one after the other: each by the next person, the same for the same seed. */
export function requestsOf(scenario: Scenario, data: BenchData, seed = 1): () => BenchRequest {
  const random = seededRandom(seed);
  const rows = rowsOf(scenario);
  const sum = rows.reduce((all, { weight }) => all + weight, 0);
  const choose = (): BenchOperationName => {
    let left = random() * sum;
    const found = rows.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return (found ?? (rows[0] as (typeof rows)[number])).name;
  };
  return () => {
    const name = choose();
    const operation: BenchOperation = benchOperations[name];
    return { operation: name, ...operation.request({ person: oneOf(data.people, random), data, random }) };
  };
}
