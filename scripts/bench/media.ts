import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gradientPng, noisePng } from '../../packages/cli/src/bench/make-png.ts';
import { atLeast, atMost, type Effort, type Figure, list, round } from './figures.ts';
import { readUnderLoad } from './load.ts';
import { disturbance, signIn, tokenOf } from './measures.ts';
import { startStreaming, type TwiteServer, temporaryFolder } from './processes.ts';
import { median } from './statistics.ts';
import { uploadPicture } from './upload.ts';

/** Reads of one picture ÷ bare node:http that streams the same file, on the same core, in turns. */
export async function mediaReadRatio(server: TwiteServer, effort: Effort): Promise<Figure> {
  const token = tokenOf(await signIn(server, 'Valjean'));
  const { url } = await uploadPicture(server.url, token, new Blob([noisePng(400)]));
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  using folder = temporaryFolder();
  const file = join(folder.path, 'picture.webp');
  writeFileSync(file, bytes);
  await using bare = await startStreaming(file);
  const load = { seconds: effort.seconds, connections: 16 };
  await readUnderLoad({ ...load, url: bare.url });
  await readUnderLoad({ ...load, url });
  const ratios: number[] = [];
  let last = '';
  for (let index = 0; index < effort.rounds; index++) {
    const of = await readUnderLoad({ ...load, url: bare.url });
    const ours = await readUnderLoad({ ...load, url });
    ratios.push(ours.requestsPerSecond / of.requestsPerSecond);
    last = `${Math.round(ours.requestsPerSecond)}/s against ${Math.round(of.requestsPerSecond)}/s`;
  }
  return atLeast(
    'media read ÷ bare node:http stream',
    median(ratios),
    '×',
    0.6,
    `${bytes.length} bytes; rounds ${list(ratios)}; last ${last}`,
  );
}

const uploadsAtOnce = 100;

/** The peak of additional server memory for a hundred concurrent uploads of 8 MB. */
export async function uploadsMemory(server: TwiteServer): Promise<Figure> {
  const token = tokenOf(await signIn(server, 'Valjean'));
  // Code loaded by the first upload stays loaded.
  await uploadPicture(server.url, token, new Blob([noisePng(400)]));
  const before = server.rss();
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, server.rss());
  }, 20);
  const picture = new Blob([gradientPng(1_670)]);
  const started = performance.now();
  const uploaded = await Promise.all(
    Array.from({ length: uploadsAtOnce }, () => uploadPicture(server.url, token, picture)),
  );
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watching);
  const refused = uploaded.reduce((sum, { refusedCount }) => sum + refusedCount, 0);
  return atMost(
    `RSS that ${uploadsAtOnce} uploads of 8 MB add`,
    peak - before,
    'MB',
    150,
    `from ${round(before, 0)} to ${round(peak, 0)} MB; all stored after ${round(seconds, 0)} s, with ${refused} answers of 503`,
  );
}

export const homeReadsDuringUploads = (server: TwiteServer, effort: Effort): Promise<Figure> =>
  disturbance(server, effort, 'home read p99 beside 100 uploads of 8 MB ÷ without', 'uploads', 3);
