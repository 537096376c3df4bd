import { watchCpu } from './cpu.ts';
import type { Effort, Figure } from './figures.ts';
import { heavyEnv, heavyRatios } from './heavy/heavy.ts';
import { heavyNetwork } from './heavy/heavy-network.ts';
import { homeEnv, homeReadRatio } from './home/home.ts';
import { homeNetwork } from './home/home-network.ts';
import { imageCpu } from './images.ts';
import {
  cliStart,
  firstStart,
  postToVisible,
  readsDuringSignIns,
  readsDuringWrites,
  serverStart,
} from './measures.ts';
import { homeReadsDuringUploads, mediaReadRatio, uploadsMemory } from './media.ts';
import { mixedRates } from './mixed.ts';
import { fillEmbedded } from './network/fill-embedded.ts';
import { demoCompleted, startTwite, type TwiteServer, temporaryFolder } from './processes.ts';
import { tracesCost } from './traces.ts';

/** One account uploads more than its quota. */
const noQuota = { env: { TWITE_MEDIA_ACCOUNT_BYTES_MAX: String(1024 ** 4) } };

/** The measurements of an engine, by the names that `--only` accepts. */
export type Measures = Readonly<Record<string, () => Promise<Figure[]>>>;

export function embeddedMeasures(effort: Effort): Measures {
  /** A server with the demo network for one measurement: its writes do not affect the next one. */
  async function withDemo(
    measure: (server: TwiteServer, effort: Effort) => Promise<Figure>,
    options?: Parameters<typeof startTwite>[1],
  ): Promise<Figure[]> {
    using folder = temporaryFolder();
    await using server = await startTwite(folder.path, options);
    await demoCompleted(folder.path);
    return [await measure(server, effort)];
  }
  async function mixed(): Promise<Figure[]> {
    using folder = temporaryFolder();
    await using server = await startTwite(folder.path, { pin: true });
    return await mixedRates(effort, {
      name: 'embedded',
      url: server.url,
      watchCpu: () => watchCpu({ server: server.pid }),
    });
  }
  async function home(): Promise<Figure[]> {
    using folder = temporaryFolder();
    const tokens = await fillEmbedded(folder.path, homeNetwork());
    await using server = await startTwite(folder.path, { pin: true, demo: false, env: homeEnv });
    return await homeReadRatio(effort, server, [...tokens.values()], 0.45);
  }
  async function heavy(): Promise<Figure[]> {
    using folder = temporaryFolder();
    const tokens = await fillEmbedded(folder.path, heavyNetwork());
    await using server = await startTwite(folder.path, { pin: true, demo: false, env: heavyEnv });
    return await heavyRatios(effort, server, tokens);
  }
  return {
    heavy,
    home,
    cli: async () => [await cliStart(effort)],
    start: async () => [await firstStart(effort), ...(await serverStart(effort))],
    visible: () => withDemo(postToVisible),
    signin: () => withDemo(readsDuringSignIns),
    writes: () => withDemo(readsDuringWrites),
    mixed,
    images: () => imageCpu(effort),
    media: () => withDemo(mediaReadRatio, { pin: true }),
    uploads: async () => [
      ...(await withDemo(uploadsMemory, noQuota)),
      ...(await withDemo(homeReadsDuringUploads, noQuota)),
    ],
    traces: () => tracesCost(effort),
  };
}
