import { setTimeout as wait } from 'node:timers/promises';
import { createTwite, type Twite } from '@twite/sdk';
import { atMost, type Effort, type Figure, list, round } from './figures.ts';
import { readUnderLoad, repeatAtRate } from './load.ts';
import {
  type Disturbance,
  demoCompleted,
  rootPath,
  startDisturbing,
  startTwite,
  type TwiteServer,
  temporaryFolder,
  timeProcess,
} from './processes.ts';
import { median, percentile } from './statistics.ts';

export async function signIn(server: TwiteServer, handle: string): Promise<Twite> {
  const twite = createTwite({ baseUrl: server.url });
  await twite.sessions.create({ handle, password: server.demoPassword });
  return twite;
}

export const tokenOf = (twite: Twite): string => twite.session?.accessToken ?? '';

export async function cliStart(effort: Effort): Promise<Figure> {
  const cli = [process.execPath, rootPath('packages/cli/bin/twite.js'), '--version'];
  const bare = [process.execPath, '-e', '0'];
  await timeProcess(cli);
  const above: number[] = [];
  for (let index = 0; index < effort.rounds * 4; index++) {
    const floor = await timeProcess(bare);
    above.push((await timeProcess(cli)) - floor);
  }
  return atMost('twite --version above node -e 0', median(above), 'ms', 90, `${above.length} pairs in turns`);
}

/** With the demo network, of which it loads everything but the avatars before it answers. */
export async function firstStart(effort: Effort): Promise<Figure> {
  const starts: number[] = [];
  for (let index = 0; index < effort.rounds; index++) {
    using folder = temporaryFolder();
    await using server = await startTwite(folder.path);
    starts.push(server.startMs);
  }
  return atMost(
    'first start to first answer',
    median(starts) / 1000,
    's',
    2.2,
    `starts ${list(starts, 0)} ms`,
  );
}

export async function serverStart(effort: Effort): Promise<Figure[]> {
  const starts: number[] = [];
  const memory: number[] = [];
  using folder = temporaryFolder();
  for (let index = 0; index < effort.rounds + 1; index++) {
    await using server = await startTwite(folder.path);
    // The first start loads the demo network.
    if (index === 0) {
      await demoCompleted(folder.path);
      continue;
    }
    starts.push(server.startMs);
    await wait(3_000);
    memory.push(server.rss());
  }
  return [
    atMost('server start to first answer', median(starts) / 1000, 's', 1.2, `starts ${list(starts, 0)} ms`),
    atMost('idle RSS with the demo network', median(memory), 'MB', 130, `after 3 s: ${list(memory, 0)} MB`),
  ];
}

/** From sending a post until a follower's home read shows it, at 50 posts a second. */
export async function postToVisible(server: TwiteServer, effort: Effort): Promise<Figure> {
  const author = await signIn(server, 'Valjean');
  const follower = await signIn(server, 'Cosette');
  const sent = new Map<string, number>();
  const delays: number[] = [];
  const early = new Map<string, number>();
  const see = (postId: string, at: number): void => {
    const since = sent.get(postId);
    if (since === undefined) {
      // Seen before its own answer arrived: the delay is known once it has.
      if (!early.has(postId)) early.set(postId, at);
      return;
    }
    if (since >= 0) delays.push(at - since);
    sent.set(postId, -1);
  };
  let reading = true;
  const reader = (async () => {
    while (reading) {
      const page = await follower.timelines.home({ limit: 20 });
      const at = performance.now();
      for (const post of page.items) if (post.text.startsWith('bench ')) see(post.postId, at);
    }
  })();
  const writing = repeatAtRate(50, async () => {
    const since = performance.now();
    const { postId } = await author.posts.create({ text: `bench ${since}` });
    sent.set(postId, since);
    const seen = early.get(postId);
    if (seen !== undefined) see(postId, seen);
  });
  await wait(effort.seconds * 2_000);
  const posts = await writing.stop();
  await wait(200);
  reading = false;
  await reader;
  const detail = `${delays.length} of ${posts} posts seen; p50 ${round(median(delays), 1)} ms`;
  return atMost('post → visible p99 at 50 posts/s', percentile(delays, 0.99), 'ms', 50, detail);
}

/** Home read p99 with other load ÷ without, in turns. */
export async function disturbance(
  server: TwiteServer,
  effort: Effort,
  name: string,
  kind: Disturbance,
  target = 2,
): Promise<Figure> {
  const token = tokenOf(await signIn(server, 'Cosette'));
  const url = `${server.url}/v1/timelines/home`;
  const load = { url, token, seconds: effort.seconds, connections: 8, rate: 400 };
  await readUnderLoad(load);
  const calm: number[] = [];
  const disturbed: number[] = [];
  for (let index = 0; index < effort.rounds; index++) {
    calm.push((await readUnderLoad(load)).p99Ms);
    await using _disturbing = await startDisturbing(server.url, server.demoPassword, kind);
    disturbed.push((await readUnderLoad(load)).p99Ms);
  }
  const ratio = median(disturbed) / Math.max(median(calm), 1);
  return atMost(
    name,
    ratio,
    '×',
    target,
    `p99 ms without ${list(calm, 1)}, with ${list(disturbed, 1)}; 400 reads/s`,
  );
}

export const readsDuringSignIns = (server: TwiteServer, effort: Effort): Promise<Figure> =>
  disturbance(server, effort, 'home read p99 in a sign-in flood of 100 ÷ without', 'signIns');

export const readsDuringWrites = (server: TwiteServer, effort: Effort): Promise<Figure> =>
  disturbance(server, effort, 'home read p99 at 200 posts/s ÷ without', 'posts');
