import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs } from '../cpu.ts';
import { atLeast, type Effort, type Figure, list, round } from '../figures.ts';
import { readUnderLoad } from '../load.ts';
import { type Started, startBare, temporaryFolder } from '../processes.ts';
import { median } from '../statistics.ts';
import { openInstance } from './instance.ts';

/** Enough that the server always has a request while it waits for Redis, and few enough that none waits long. */
const connections = 64;
const followed = 40;
const postsEach = 3;

/** Home read ÷ bare node:http that sends the same bytes, on the same core, in turns. */
export async function homeReadRatio(effort: Effort): Promise<Figure[]> {
  await using instance = await openInstance();
  const { open, ids } = instance;
  const reader = await instance.join('reader');
  for (let author = 0; author < followed; author++) {
    const { accountId } = await instance.join(`author${author}`);
    await open.engine.follows.follow({
      followId: ids.next(),
      followerId: reader.accountId,
      followeeId: accountId,
    });
    for (let post = 0; post < postsEach; post++) {
      await open.engine.posts.insert({
        postId: ids.next(),
        authorId: accountId,
        text: `Post ${post} of author ${author}: a few words, as long as most posts are, said in the evening.`,
        entities: { mentions: [], hashtags: [], urls: [] },
        media: [],
        visibility: 'public',
        createdAt: Date.now(),
      });
    }
  }
  await using server = await instance.server({ pin: true });
  const token = reader.session.accessToken;
  const home = `${server.url}/v1/timelines/home`;
  const answer = await fetch(home, { headers: { authorization: `Bearer ${token}` } });
  const bytes = await answer.text();
  using folder = temporaryFolder();
  const file = join(folder.path, 'home.json');
  writeFileSync(file, bytes);
  await using bare = await startBare(file);

  const load = { seconds: effort.seconds, connections };
  const measure = async (process: Started, url: string, given: { readonly token?: string }) => {
    const before = cpuMs(process.pid);
    const { requests, requestsPerSecond } = await readUnderLoad({ ...load, url, ...given });
    return { requestsPerSecond, cpuUs: ((cpuMs(process.pid) - before) / requests) * 1000 };
  };
  // Both warm up before the measurement.
  await measure(bare, bare.url, {});
  await measure(server, home, { token });
  await measure(server, home, { token });
  const ratios: number[] = [];
  const cpus: { readonly ours: number; readonly bare: number }[] = [];
  let last = '';
  for (let index = 0; index < effort.rounds; index++) {
    const of = await measure(bare, bare.url, {});
    const ours = await measure(server, home, { token });
    ratios.push(ours.requestsPerSecond / of.requestsPerSecond);
    cpus.push({ ours: ours.cpuUs, bare: of.cpuUs });
    last = `${Math.round(ours.requestsPerSecond)}/s against ${Math.round(of.requestsPerSecond)}/s`;
  }
  const [oursUs, bareUs] = [median(cpus.map(({ ours }) => ours)), median(cpus.map(({ bare }) => bare))];
  const cpu = `CPU of the process ${round(oursUs, 0)} µs against ${round(bareUs, 0)} µs: ${round(bareUs / oursUs)} ×`;
  const detail = `${bytes.length} bytes, ${connections} connections; rounds ${list(ratios)}; last ${last}; ${cpu}`;
  return [atLeast('home read ÷ bare node:http', median(ratios), '×', 0.25, detail)];
}
