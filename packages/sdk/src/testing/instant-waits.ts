/** Options for a client that records its waits instead of waiting, with the jitter at its midpoint. */
export function instantWaits(): {
  readonly waits: number[];
  readonly options: {
    readonly delay: (milliseconds: number) => Promise<void>;
    readonly random: () => number;
  };
} {
  const waits: number[] = [];
  return {
    waits,
    options: {
      delay: async (milliseconds) => {
        waits.push(milliseconds);
      },
      random: () => 0.5,
    },
  };
}
