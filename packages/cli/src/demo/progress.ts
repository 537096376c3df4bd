export interface Progress {
  /** Sets the number of completed items. */
  update(done: number): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere, a line per tenth. Both on stderr. */
export async function startProgress(total: number, output = process.stderr): Promise<Progress> {
  if (output.isTTY) {
    const { default: cliProgress } = await import('cli-progress');
    const bar = new cliProgress.SingleBar({
      format: '{bar} {percentage}%  {value} of {total}  {eta_formatted} left',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      stream: output,
    });
    bar.start(total, 0);
    return { update: (done) => bar.update(done), stop: () => bar.stop() };
  }
  let told = 0;
  return {
    update(done) {
      const tenth = Math.floor((done / total) * 10);
      if (tenth <= told) return;
      told = tenth;
      output.write(`${tenth * 10} %\n`);
    },
    stop() {},
  };
}
