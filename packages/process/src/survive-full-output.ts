const survive = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOSPC') throw error;
};

/** Keeps the process alive when stdout or stderr is a file on a full disk: output that does not fit is lost. */
export function surviveFullOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.off('error', survive);
    stream.on('error', survive);
  }
}
