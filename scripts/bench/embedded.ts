import type { Effort, Figure } from './figures.ts';
import { imageCpu } from './images.ts';
import {
  cliStart,
  homeReadRatio,
  postToVisible,
  readsDuringSignIns,
  readsDuringWrites,
  serverStart,
} from './measures.ts';
import { startTwite, type TwiteServer, temporaryFolder } from './processes.ts';

/** The measures of an engine, by the names that `--only` takes. */
export type Measures = Readonly<Record<string, () => Promise<Figure[]>>>;

export function embeddedMeasures(effort: Effort): Measures {
  /** A server with the demo network for one measure: what one writes does not weigh on the next. */
  async function withDemo(
    measure: (server: TwiteServer, effort: Effort) => Promise<Figure>,
    options?: Parameters<typeof startTwite>[1],
  ): Promise<Figure[]> {
    using folder = temporaryFolder();
    await using server = await startTwite(folder.path, options);
    return [await measure(server, effort)];
  }
  return {
    home: () => withDemo(homeReadRatio, { pin: true }),
    cli: async () => [await cliStart(effort)],
    start: () => serverStart(effort),
    visible: () => withDemo(postToVisible),
    signin: () => withDemo(readsDuringSignIns),
    writes: () => withDemo(readsDuringWrites),
    images: () => imageCpu(effort),
  };
}
