import { plainLine } from '../terminal/plain.ts';

export interface UploadProgressBar {
  /** Sets how much of the file is sent. */
  update(file: string, sentBytes: number): void;
  /** Marks the file as done, whatever was reported. */
  finish(bytes: number): void;
  stop(): void;
}

const silent: UploadProgressBar = { update() {}, finish() {}, stop() {} };

/** A bar over all files of a command, on a terminal only. */
export async function startUploadProgress(
  totalBytes: number,
  { json, output = process.stderr }: { readonly json: boolean; readonly output?: NodeJS.WriteStream },
): Promise<UploadProgressBar> {
  if (json || !output.isTTY) return silent;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}%  {eta_formatted} left  {file}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stream: output,
  });
  bar.start(totalBytes, 0, { file: '' });
  let before = 0;
  return {
    update: (file, sentBytes) =>
      bar.update(Math.min(before + sentBytes, totalBytes), { file: plainLine(file) }),
    finish(bytes) {
      before += bytes;
      bar.update(before);
    },
    stop: () => bar.stop(),
  };
}
