/** Background work of a server that ends by itself. */
export interface BackgroundTask extends AsyncDisposable {
  /** Resolves when it is done, failed or was aborted. */
  readonly settled: Promise<void>;
}

/**
 * Starts a background task. Disposing aborts it and waits until it has ended; any other failure is passed to
 * `onFailure`.
 */
export function startBackgroundTask(
  act: (signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): BackgroundTask {
  const controller = new AbortController();
  const { signal } = controller;
  const settled = act(signal).catch((error: unknown) => {
    if (!signal.aborted) onFailure(error);
  });
  return {
    settled,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await settled;
    },
  };
}
