import { randomUUID } from 'node:crypto';
import type { OperationId } from '@twite/sdk';
import type { BenchRequest } from './connection.ts';
import { gradientPng } from './make-png.ts';
import { oneOf, type Random, seededRandom } from './random.ts';
import { postText, searchQuery } from './words.ts';

/** A sender of requests. */
export interface BenchPerson {
  readonly accountId: string;
  /** The current access token: it changes during a run. */
  token(): string;
}

/** The data that requests refer to. */
export interface BenchData {
  readonly people: readonly BenchPerson[];
  /** Paths of pictures. Empty unless the scenario needs them. */
  readonly pictures: readonly string[];
}

interface Turn {
  readonly person: BenchPerson;
  readonly data: BenchData;
  readonly random: Random;
}

interface BenchOperation {
  /** The operation of the API. Undefined for a file. */
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

/** All requests that scenarios consist of. Sent as the SDK does, with a key that makes a POST safe to repeat. */
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
  /** Completes "measures …". */
  readonly about: string;
  /** The relative frequency of each operation. */
  readonly mix: Readonly<Partial<Record<BenchOperationName, number>>>;
}

/** The scenarios of `twite bench`. To add one, add a row here. */
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

/** Whether the scenario's data must include pictures. */
export const needsPictures = (scenario: Scenario): boolean =>
  rowsOf(scenario).some(({ name }) => name === 'picture');

/** Generates the requests of a scenario: each by the next person, reproducible by seed. */
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
